// The signed click: what the destination gets as crm_click, and what a form or a shop brings back.

using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Links;

public static class ClickToken
{
    /// <summary>The purpose of the installation's key that seals clicks, visitors and leads.</summary>
    public const string Purpose = "clicks";

    /// <summary>The destination's parameter that carries it.</summary>
    public const string Parameter = "crm_click";

    public static SealedId Of(Installation installation) => new(installation.Seal(Purpose), ResourceType.Of<Click>());
}
