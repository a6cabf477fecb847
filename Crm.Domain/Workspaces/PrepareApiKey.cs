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
        if (errors.Any)
            return key;
        await CheckGiver(work, before, key, errors, cancel);
        if (before is not null || errors.Any)
            return key;
        var secret = ApiKey.NewSecret();
        work.ShownOnce["key"] = secret;
        return key with { Hash = ApiKey.HashOf(secret), Start = ApiKey.StartOf(secret) };
    }

    /// <summary>
    /// Changing a key needs what giving it needs: otherwise a key that may only make keys may do everything, or shut everybody else out.
    /// </summary>
    /// <param name="before">As it is; null for a new one.</param>
    static async ValueTask CheckGiver(UnitOfWork work, ApiKey? before, ApiKey key, FieldErrors errors, CancellationToken cancel)
    {
        if (!Id.TryParse<ApiKey>(work.By, out var id) || await work.Find<ApiKey>(id, cancel) is not { } giver)
            return;
        for (var i = 0; i < key.Scopes.Length; i++)
            if (!giver.MayGive(key.Scopes[i]))
                errors.Add(
                    $"scopes.{i}",
                    "not_allowed",
                    $"A key can give, change and revoke only what it may do itself: {string.Join(", ", giver.Scopes)}."
                );
        if (key.Installation && !giver.Installation)
            errors.Add("installation", "not_allowed", "Only the installation's own key may change it.");
        if (before is not null && !EndsLater(key.ExpiresAt, before.ExpiresAt))
            return;
        if (before?.Id == giver.Id)
            errors.Add("expiresAt", "not_allowed", "A key cannot make itself last longer.");
        else if (EndsLater(key.ExpiresAt, giver.ExpiresAt))
            errors.Add("expiresAt", "not_allowed", "A key can give no key that lasts longer than itself.");
    }

    static bool EndsLater(DateTimeOffset? one, DateTimeOffset? other) => other is not null && (one is null || one > other);

    /// <summary>Revoking and deleting take a key away, and so need what giving it needs.</summary>
    public static async ValueTask CheckTaker(UnitOfWork work, Resource key, CancellationToken cancel)
    {
        var errors = new FieldErrors();
        await CheckGiver(work, (ApiKey)key, (ApiKey)key, errors, cancel);
        if (errors.Any)
            throw new ProblemException(ProblemCodes.InsufficientScope, $"{errors.All[0].Field}: {errors.All[0].Message}", errors.All);
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
    public static readonly ResourceAction Revoke = ResourceAction.On<ApiKey>(
        "revoke",
        "Refuses the key from now on. Cannot be undone.",
        async (work, key, cancel) =>
        {
            await CheckTaker(work, key, cancel);
            return new(key.RevokedAt is null ? work.Replace(key, key with { RevokedAt = work.Now }, "revoked") : key);
        },
        Effect.Deletes
    );
}
