// The signed visitor, for his browser to keep.

using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Touches;

public static class VisitorToken
{
    /// <summary>Marked, so that neither a click nor a visitor passes for the other.</summary>
    public static SealedId Of(Installation installation) =>
        new(installation.Seal(ClickToken.Purpose), ResourceType.Of<Visitor>(), (byte)'v');
}
