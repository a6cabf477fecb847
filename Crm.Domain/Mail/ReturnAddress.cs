// The address that a mail goes back to which cannot be delivered: it names the mail, sealed, whatever the reporting server says in its
// words.

using System.Text;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

public static class ReturnAddress
{
    /// <summary>Bytes of the seal: an address has room for 64 characters before its @.</summary>
    const int SealBytes = 8,
        LongestLocal = 64;

    static readonly ResourceType Type = ResourceType.Of<Message>();

    /// <summary>Behind a plus sign; the address as it is when there is no room.</summary>
    public static string Of(Installation installation, WorkspaceKey workspace, string address, Id message)
    {
        var at = address.LastIndexOf('@');
        var id = Type.Text(message)[(Type.Prefix.Length + 1)..];
        var local = $"{address[..at]}+{id}{Seal(installation, workspace, id)}";
        return local.Length > LongestLocal ? address : local + address[at..];
    }

    /// <summary>The mail that an address names; null when it names none of this workspace's.</summary>
    public static Id? Read(Installation installation, WorkspaceKey workspace, string? address)
    {
        if (address is null || address.LastIndexOf('@') is not (> 0 and var at) || address.LastIndexOf('+', at) is not (>= 0 and var plus))
            return null;
        // Letters in capitals are a habit of old mail servers.
        var token = address[(plus + 1)..at].ToLowerInvariant();
        if (token.Length <= 2 * SealBytes)
            return null;
        var id = token[..^(2 * SealBytes)];
        return
            installation.Seal(MailToken.Purpose).IsHex(Sealed(workspace, id), token[^(2 * SealBytes)..], SealBytes)
            && Id.TryParse<Message>($"{Type.Prefix}_{id}", out var message)
            ? message
            : null;
    }

    static string Seal(Installation installation, WorkspaceKey workspace, string id) =>
        installation.Seal(MailToken.Purpose).Hex(Sealed(workspace, id), SealBytes);

    static byte[] Sealed(WorkspaceKey workspace, string id) =>
        Encoding.UTF8.GetBytes(FormattableString.Invariant($"return|{workspace.Value}|{id}"));
}
