// What a key is made for, in one word: the scopes that the product's own pages need.

namespace Crm.Domain.Workspaces;

public static class KeyPurposes
{
    /// <summary>By the word that stands behind <c>crm keys new --for</c>.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> All = new Dictionary<string, IReadOnlyList<string>>
    {
        // People of the firm work with what came in; forms, links, keys and sites they may look at.
        ["desk"] = ["leads:*", "submissions:*", "proposed-changes:*", "customers:*", "purchases:*", "*:read"],
        // Figures, and the names that stand beside them.
        ["reports"] =
        [
            "clicks:read",
            "links:read",
            "campaigns:read",
            "affiliates:read",
            "forms:read",
            "sites:read",
            "conversions:read",
            "submissions:read",
            "touches:read",
            "leads:read",
            "customers:read",
            "commissions:read",
            "purchases:read",
            "visitors:read",
        ],
    };
}
