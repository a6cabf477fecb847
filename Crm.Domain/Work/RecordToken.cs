// Which record of which workspace an address is about: sealed, so that nobody can make one up for somebody else. It does not end.

using System.Buffers.Binary;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

public static class RecordToken
{
    const int WorkspaceBytes = 8,
        IdBytes = 16;

    /// <param name="use">What the token is good for, of those with the same seal.</param>
    public static string Write(TokenSeal seal, string use, int sealBytes, WorkspaceKey workspace, Id record)
    {
        Span<byte> content = stackalloc byte[WorkspaceBytes + IdBytes];
        BinaryPrimitives.WriteInt64BigEndian(content, workspace.Value);
        record.CopyTo(content[WorkspaceBytes..]);
        return seal.Enclose(content, use, sealBytes);
    }

    /// <summary>Of a text that came back; null for one that is not ours.</summary>
    public static (WorkspaceKey Workspace, Id Record)? Read(TokenSeal seal, string use, int sealBytes, string? text, int longest) =>
        text is { Length: > 0 }
        && text.Length <= longest
        && seal.Disclose(text, use, sealBytes) is { Length: WorkspaceBytes + IdBytes } content
            ? (new(BinaryPrimitives.ReadInt64BigEndian(content)), Id.FromBytes(content.AsSpan(WorkspaceBytes, IdBytes)))
            : null;
}
