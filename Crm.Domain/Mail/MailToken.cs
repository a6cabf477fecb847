// What the address says by which somebody unsubscribes: which mail it stood in, sealed, so that nobody can make one up for somebody else.

using System.Buffers.Binary;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

/// <param name="Message">The mail that it stood in.</param>
public sealed record MailToken(WorkspaceKey Workspace, Id Message)
{
    /// <summary>The purpose of the installation's key that seals it.</summary>
    public const string Purpose = "mail";

    const string Use = "unsubscribe";

    const int SealBytes = 12,
        WorkspaceBytes = 8,
        IdBytes = 16,
        Longest = 80;

    public string Write(Installation installation)
    {
        var content = new byte[WorkspaceBytes + IdBytes];
        BinaryPrimitives.WriteInt64BigEndian(content, Workspace.Value);
        Message.CopyTo(content.AsSpan(WorkspaceBytes));
        return installation.Seal(Purpose).Enclose(content, Use, SealBytes);
    }

    /// <summary>Of a text that came back; null for one that is not ours.</summary>
    public static MailToken? Read(Installation installation, string? text) =>
        text is { Length: > 0 and <= Longest }
        && installation.Seal(Purpose).Disclose(text, Use, SealBytes) is { Length: WorkspaceBytes + IdBytes } content
            ? new(new(BinaryPrimitives.ReadInt64BigEndian(content)), Id.FromBytes(content.AsSpan(WorkspaceBytes, IdBytes)))
            : null;
}
