// Saving a sender: its inbox gets a key that nobody guesses, and a key that signs is looked at before the first mail needs it.

using System.Security.Cryptography;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

public static class PrepareSender
{
    /// <summary>Senders of one workspace.</summary>
    public const int Most = 200;

    public static ValueTask<Sender> Run(UnitOfWork work, Sender? before, Sender sender, FieldErrors errors, CancellationToken cancel)
    {
        if (before is null && work.Settings.Mail.Senders.Count >= Most)
            throw new ProblemException(ProblemCodes.LimitReached, $"A workspace has at most {Most} senders.");
        if (sender.DkimKey?.Plain is { } pem && !IsPrivateKey(pem))
            errors.Add("dkimKey", "invalid", "Must be a private key in PEM: -----BEGIN PRIVATE KEY-----. RSA has at least 1024 bits.");
        return new(sender.InboxKey is null ? sender with { InboxKey = PublicKey.New() } : sender);
    }

    /// <summary>RSA is read here; an Ed25519 key, which the framework cannot read, says what it is in its first bytes.</summary>
    static bool IsPrivateKey(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.KeySize >= 1024 && rsa.ExportRSAPrivateKey().Length > 0;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            return PemEncoding.TryFind(pem, out var found)
                && pem[found.Label] == "PRIVATE KEY"
                && Convert.FromBase64String(pem[found.Base64Data]) is var der
                && der.AsSpan().IndexOf(Ed25519) >= 0;
        }
    }

    /// <summary>The object identifier 1.3.101.112.</summary>
    static ReadOnlySpan<byte> Ed25519 => [0x06, 0x03, 0x2B, 0x65, 0x70];
}
