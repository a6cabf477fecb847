// The product's own spans, inside those of requests: what a post waits for. Names carry no ids and no personal data.

using System.Diagnostics;

namespace Crm.Domain.Work;

public static class CrmTraces
{
    /// <summary>The name under which exporters find the source.</summary>
    public const string Name = "Crm";

    static readonly ActivitySource Source = new(Name);

    /// <summary>Begins a span; null, and next to nothing of the processor, while nobody listens.</summary>
    public static Activity? Begin(string name) => Source.HasListeners() ? Source.StartActivity(name) : null;
}
