// An API key: who is asking and what he may do. Only a hash of it is stored; the key itself is shown once.

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Resources;

namespace Crm.Domain.Workspaces;

[Resource("apiKey", "api-keys", "key", "Gives access to one workspace. The key itself is shown once, when it is made.")]
public sealed record ApiKey : Resource
{
    [Field("What it is used for.", Max = 100, Is = Is.Required | Is.Searchable, Example = "Website sync")]
    public string? Name { get; init; }

    [Field(
        "What it may do: leads:read, leads:write, ... ; *:read, *:write and * stand for all.",
        Max = 100,
        Is = Is.Required | Is.WriteOnce,
        Example = "leads:read"
    )]
    public ImmutableArray<string> Scopes { get; init; } = [];

    [Field("The first characters, to tell keys apart.", Is = Is.ReadOnly)]
    public string Start { get; init; } = "";

    [Field("From when on it is refused.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Field("When it was revoked.", Is = Is.ReadOnly)]
    public DateTimeOffset? RevokedAt { get; init; }

    [Field("Whether it may make workspaces.", Is = Is.ReadOnly)]
    public bool Installation { get; init; }

    [Field("Whether it is the one of the setting Crm__AdminKey, which is replaced when that changes.", Is = Is.ReadOnly)]
    public bool Configured { get; init; }

    /// <summary>SHA-256 in hex. The key carries 256 random bits, so a fast hash without salt is enough, and looking it up by hash compares
    /// nothing secret.</summary>
    [Field("SHA-256 of the key.", Max = 64, Is = Is.Secret | Is.UniqueEverywhere)]
    public string Hash { get; init; } = "";

    public bool IsUsable(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);

    /// <summary>Whether the key may do <paramref name="access"/> ("read" or "write") with a resource (its plural).</summary>
    public bool Allows(string plural, string access)
    {
        foreach (var scope in Scopes)
        {
            if (scope == "*")
                return true;
            var colon = scope.IndexOf(':');
            if (
                (scope.AsSpan(0, colon) is "*" || scope.AsSpan(0, colon).SequenceEqual(plural))
                && (scope.AsSpan(colon + 1).SequenceEqual(access) || scope.EndsWith(":*", StringComparison.Ordinal))
            )
                return true;
        }
        return false;
    }

    /// <summary>Whether everything that a scope allows is allowed to this key.</summary>
    public bool MayGive(string scope)
    {
        if (Scopes.Contains("*") || Scopes.Contains("*:*"))
            return true;
        var colon = scope.IndexOf(':');
        return colon > 0
            && (
                scope[(colon + 1)..] is not "*" and var access
                    ? Allows(scope[..colon], access)
                    : Allows(scope[..colon], "read") && Allows(scope[..colon], "write")
            );
    }

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>A new key: crm_sk_, 8 characters to recognise it by, 43 of secret (256 bits).</summary>
    public static string NewSecret()
    {
        const string letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        return $"crm_sk_{RandomNumberGenerator.GetString(letters, 8)}_{RandomNumberGenerator.GetString(letters, 43)}";
    }

    public static string StartOf(string key) => key.Length >= 16 ? key[..15] : key[..Math.Min(key.Length, 8)];
}
