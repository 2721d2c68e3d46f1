namespace OrleansAiFleet.Audit;

/// <summary>The caller of what runs now, as it travels through the cluster.</summary>
public static class CallerContext
{
    private const string Key = "fleet.caller";

    /// <summary>On whose behalf this runs; null: the fleet's own.</summary>
    public static Caller? Current
    {
        get => RequestContext.Get(Key) as Caller;
        set
        {
            if (value is null)
            {
                RequestContext.Remove(Key);
            }
            else
            {
                RequestContext.Set(Key, value);
            }
        }
    }
}
