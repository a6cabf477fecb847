// Making and revoking API keys: the secret is made here, shown once by the caller, and only its hash goes on.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Workspaces;

public static class PrepareApiKey
{
    public static async ValueTask<ApiKey> Run(UnitOfWork work, ApiKey? before, ApiKey key, FieldErrors errors, CancellationToken cancel)
    {
        for (var i = 0; i < key.Scopes.Length; i++)
            if (!IsScope(key.Scopes[i], work.Installation.Catalog))
                errors.Add(
                    $"scopes.{i}",
                    "unknown",
                    $"Must be *, *:read, *:write, or one of these followed by :read or :write: {string.Join(", ", work.Installation.Catalog.Public.Select(e => e.Type.Plural))}."
                );
        if (before is not null || errors.Any)
            return key;
        // Otherwise a key that may only make keys may do everything.
        if (Id.TryParse(work.By, "key", out var id) && await work.Find<ApiKey>(id, cancel) is { } giver)
            for (var i = 0; i < key.Scopes.Length; i++)
                if (!giver.MayGive(key.Scopes[i]))
                    errors.Add(
                        $"scopes.{i}",
                        "not_allowed",
                        $"A key can give only what it may do itself: {string.Join(", ", giver.Scopes)}."
                    );
        if (errors.Any)
            return key;
        var secret = ApiKey.NewSecret();
        work.ShownOnce["key"] = secret;
        return key with { Hash = ApiKey.HashOf(secret), Start = ApiKey.StartOf(secret) };
    }

    static bool IsScope(string scope, Catalog catalog)
    {
        if (scope == "*")
            return true;
        var colon = scope.IndexOf(':');
        return colon > 0
            && scope[(colon + 1)..] is "read" or "write" or "*"
            && (scope[..colon] == "*" || catalog.Find(scope[..colon]) is { } entry && entry.Type.Can != Operations.None);
    }

    /// <summary>Refuses the key from the next request on.</summary>
    public static readonly ResourceAction Revoke = new("revoke", "Refuses the key from now on. Cannot be undone.", true, null, (call, _) =>
    {
        var key = (ApiKey)call.Target!;
        return new(
            new ActionResult(key.RevokedAt is null ? call.Work.Replace(key, key with { RevokedAt = call.Work.Now }, "revoked") : key)
        );
    });
}
