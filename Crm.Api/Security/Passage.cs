// One request at a door that strangers come to: by what it is counted, and whether it came over a limit.

using System.Globalization;
using Crm.Api.Limiting;

namespace Crm.Api.Security;

/// <summary>Equal for the same door, address and thing: what the framework keeps its limiters by.</summary>
/// <param name="network">See <see cref="Networks"/>.</param>
/// <param name="of">The form, link, site or affiliate; null when there is none.</param>
/// <param name="workspace">Its number; 0 when it is not known.</param>
public sealed class Passage(Door door, ulong network, string? of, long workspace) : IEquatable<Passage>
{
    public Door Door => door;
    public ulong Network => network;
    public string? Of => of;

    /// <summary>The workspace as a bucket's key has it; null when it is not known.</summary>
    public string? Workspace => workspace == 0 ? null : workspace.ToString(CultureInfo.InvariantCulture);

    /// <summary>The buckets that it is counted in.</summary>
    public LimitKey[] Keys => field ??= door.KeysOf(this);

    /// <summary>The limit that it met; null: it is within all of them.</summary>
    public string? Over { get; internal set; }

    /// <summary>Buckets of what only the request itself named: what it stores is charged to them too.</summary>
    internal List<LimitKey>? Also { get; set; }

    /// <summary>Whether this request goes on although it came over a limit: what it says is kept without its bulk, or only
    /// counted.</summary>
    public static bool IsOver(HttpContext http) => http.Features.Get<Passage>()?.Over is not null;

    public bool Equals(Passage? other) =>
        other is not null
        && ReferenceEquals(door, other.Door)
        && network == other.Network
        && of == other.Of
        && workspace == other.WorkspaceNumber;

    long WorkspaceNumber => workspace;

    public override bool Equals(object? obj) => Equals(obj as Passage);

    public override int GetHashCode() => HashCode.Combine(door.Name, network, of, workspace);
}
