using System.Net;

using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

public sealed class AddressPolicyTests
{
    private static readonly IPNetwork[] Everything = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")];

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("172.15.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    public void Address_of_the_internet_needs_no_network(string address) =>
        Assert.Null(AddressPolicy.FindRefusal(IPAddress.Parse(address), []));

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.10")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.200.3.4")]
    [InlineData("0.0.0.0")]
    [InlineData("239.1.2.3")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a00:1::1")]
    public void Private_address_needs_a_network_that_has_it(string address)
    {
        Assert.NotNull(AddressPolicy.FindRefusal(IPAddress.Parse(address), []));
        Assert.NotNull(AddressPolicy.FindRefusal(IPAddress.Parse(address), [IPNetwork.Parse("192.168.77.0/24")]));
        Assert.Null(AddressPolicy.FindRefusal(IPAddress.Parse(address), Everything));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.2.1")]
    [InlineData("198.18.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::")]
    public void Some_addresses_are_no_cameras_whatever_a_site_lists(string address) =>
        Assert.NotNull(AddressPolicy.FindRefusal(IPAddress.Parse(address), Everything));

    [Theory]
    [InlineData("10.20.0.0/16", true)]
    [InlineData("::1/128", true)]
    [InlineData("10.20.0.1/16", true)]
    [InlineData("10.20.0.0", false)]
    [InlineData("10.20.0.0/33", false)]
    [InlineData("", false)]
    [InlineData("camera/24", false)]
    public void Network_is_an_address_and_a_length(string text, bool isOne) => Assert.Equal(isOne, AddressPolicy.FindNetwork(text) is not null);
}
