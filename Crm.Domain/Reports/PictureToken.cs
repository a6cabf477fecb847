// What the address of a report's picture says: which picture, until when, and by whose right. Sealed, so that nothing of it can be made up
// or changed.

using System.Buffers.Binary;
using System.Text;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>Opens one picture and nothing else, to whoever has it, for as long as the key that made it may read reports.</summary>
/// <param name="Key">The API key's: once it is revoked the address is dead.</param>
/// <param name="ExpiresAt">To the second.</param>
/// <param name="Asked">The report's name, a question mark, and its parameters.</param>
public sealed record PictureToken(WorkspaceKey Workspace, Id Key, DateTimeOffset ExpiresAt, string Asked)
{
    /// <summary>The purpose of the installation's key that seals it.</summary>
    public const string Purpose = "report-pictures";

    /// <summary>Characters of an address; what is asked has a bounded length.</summary>
    const int Longest = 1000;

    const int SealBytes = 16,
        WorkspaceBytes = 8,
        KeyBytes = 16,
        TimeBytes = 8,
        Head = WorkspaceBytes + KeyBytes + TimeBytes;

    public string Write(Installation installation)
    {
        var content = new byte[Head + Encoding.UTF8.GetByteCount(Asked)];
        BinaryPrimitives.WriteInt64BigEndian(content, Workspace.Value);
        Key.CopyTo(content.AsSpan(WorkspaceBytes));
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(WorkspaceBytes + KeyBytes), ExpiresAt.ToUnixTimeSeconds());
        Encoding.UTF8.GetBytes(Asked, content.AsSpan(Head));
        return installation.Seal(Purpose).Enclose(content, "", SealBytes);
    }

    /// <summary>Of a text that came back; null for one that is not ours. Whether its time is over is the caller's to ask.</summary>
    public static PictureToken? Read(Installation installation, string? text)
    {
        if (
            text is not { Length: > 0 and <= Longest }
            || installation.Seal(Purpose).Disclose(text, "", SealBytes) is not { Length: > Head } content
        )
            return null;
        return new(
            new(BinaryPrimitives.ReadInt64BigEndian(content)),
            Id.FromBytes(content.AsSpan(WorkspaceBytes, KeyBytes)),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(WorkspaceBytes + KeyBytes))),
            Encoding.UTF8.GetString(content.AsSpan(Head))
        );
    }
}
