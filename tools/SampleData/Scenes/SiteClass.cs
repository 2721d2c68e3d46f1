namespace OrleansAiFleet.SampleData.Scenes;

/// <summary>What is labelled in a rendering; the number is the class id.</summary>
internal enum SiteClass
{
    Worker = 0,
    Helmet = 1,
    NoHelmet = 2,
    Vest = 3,
    NoVest = 4,
    Vehicle = 5,
}
