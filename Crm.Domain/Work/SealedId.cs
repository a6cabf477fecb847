// An id that leaves the product and comes back: with a seal of this installation and one workspace, so that it cannot be made up and means
// nothing elsewhere.

using System.Buffers.Binary;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <param name="seal">The installation's key.</param>
/// <param name="type">Whose id it is.</param>
/// <param name="mark">Sealed along, so that a token of one use does not pass for one of another; 0: none.</param>
public sealed class SealedId(TokenSeal seal, ResourceType type, byte mark = 0)
{
    const int LongestToken = 80;

    /// <summary>The id, a dot, 20 characters of seal.</summary>
    /// <param name="of">The record that the token counts for; another one's does not pass.</param>
    public string Write(WorkspaceKey workspace, Id id, Id? of = null)
    {
        Span<byte> text = stackalloc byte[41];
        return $"{type.Text(id)}.{seal.Hex(text[..Text(workspace, id, of, text)])}";
    }

    /// <summary>The id of a token that came back; false for one that is not ours, of another workspace or for another record.</summary>
    public bool TryRead(WorkspaceKey workspace, string? token, out Id id, Id? of = null)
    {
        id = default;
        if (
            token is not { Length: < LongestToken }
            || token.IndexOf('.') is not (> 0 and var dot)
            || !Id.TryParse(token.AsSpan(0, dot), type.Prefix, out id)
        )
            return false;
        Span<byte> text = stackalloc byte[41];
        return seal.IsHex(text[..Text(workspace, id, of, text)], token[(dot + 1)..]);
    }

    int Text(WorkspaceKey workspace, Id id, Id? of, Span<byte> text)
    {
        BinaryPrimitives.WriteInt64BigEndian(text, workspace.Value);
        var length = 8;
        if (of is { } record)
        {
            record.CopyTo(text[length..]);
            length += 16;
        }
        id.CopyTo(text[length..]);
        length += 16;
        if (mark != 0)
            text[length++] = mark;
        return length;
    }
}
