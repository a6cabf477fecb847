// An API key with whose it is, found by its hash.

using Crm.Domain.Work;

namespace Crm.Domain.Workspaces;

/// <summary>Whether the key is still usable is the caller's to ask.</summary>
public sealed record KnownKey(WorkspaceSettings Settings, ApiKey Key)
{
    /// <summary>By the SHA-256 of the key, in hex.</summary>
    public static readonly RecordLookup<ApiKey, KnownKey> ByHash = new("hash", (settings, key) => new(settings, key));
}
