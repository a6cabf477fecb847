// What a key is made for, in one word: the scopes that the product's own pages need.

namespace Crm.Domain.Workspaces;

public static class KeyPurposes
{
    /// <summary>By the word that stands behind <c>crm keys new --for</c>.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> All = new Dictionary<string, IReadOnlyList<string>>
    {
        // People of the firm work with what came in. The rest they read: names that stand beside a lead (keys, for who typed what), and
        // what its timeline tells. The reports, one click away, are read with the same key.
        ["desk"] =
        [
            "leads:*",
            "submissions:*",
            "proposed-changes:*",
            "workspaces:read",
            "members:read",
            "api-keys:read",
            "sites:read",
            "forms:read",
            "links:read",
            "campaigns:read",
            "affiliates:read",
            "events:read",
            "clicks:read",
            "visitors:read",
            "touches:read",
            "conversions:read",
            "commissions:read",
            "customers:read",
            "purchases:read",
            "report-shares:*",
        ],
        // Figures, the names that stand beside them, and links that show them to others.
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
            "report-shares:*",
            "workspaces:read",
        ],
    };
}
