// What a browser holds for a quarter of an hour after a post, so that the page of thanks can show what was sent: the entry's id, sealed.

using System.Globalization;
using System.Text;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

public static class ReceiptToken
{
    /// <summary>The purpose of the key that seals it.</summary>
    public const string Purpose = "receipts";

    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(15);

    const int SealBytes = 16;

    /// <summary><c>sub_....1764490000.seal</c>: the entry, and when it ends.</summary>
    public static string Of(Installation installation, string formKey, Id entry)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Text<Submission>()}.{(installation.Now + Holds).ToUnixTimeSeconds()}"
        );
        return $"{text}.{installation.Seal(Purpose).Hex(Sealed(formKey, text), SealBytes)}";
    }

    /// <summary>The entry; null when it is none of ours, of another form, or too old.</summary>
    public static Id? Read(Installation installation, string formKey, string token)
    {
        if (token.Length > 120 || token.Split('.') is not [var entry, var ends, var seal])
            return null;
        return
            installation.Seal(Purpose).IsHex(Sealed(formKey, $"{entry}.{ends}"), seal, SealBytes)
            && long.TryParse(ends, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            && installation.Now.ToUnixTimeSeconds() < second
            && Id.TryParse<Submission>(entry, out var id)
            ? id
            : null;
    }

    static byte[] Sealed(string formKey, string text) => Encoding.UTF8.GetBytes($"{formKey} {text}");
}
