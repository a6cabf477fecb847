// A lead in a link or a pixel that was made for him: whoever gets the address can neither guess another lead's nor use it elsewhere.

using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

public static class LeadToken
{
    /// <summary>A link's parameter that names the lead it was given to.</summary>
    public const string Parameter = "crm_lead";

    public static SealedId Of(Installation installation) => new(installation.Seal(ClickToken.Purpose), ResourceType.Of<Lead>());

    /// <summary>The lead of a token that was sealed for this link or site; null for another one, and when there is no such lead any
    /// more.</summary>
    public static async ValueTask<Id?> Find(UnitOfWork work, Id of, string? token, CancellationToken cancel) =>
        Of(work.Installation).TryRead(work.Settings.Key, token, out var lead, of) && await work.Find<Lead>(lead, cancel) is not null
            ? lead
            : null;
}
