// One try of a mail: what is known now decides whether it goes, and what the server answers whether it is tried again.

using System.Globalization;
using Crm.Api.Outbound;
using Crm.Domain.Deliveries;
using Crm.Domain.Mail;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Crm.Api.Mail;

public sealed class SendMail(
    Installation installation,
    OutboundOptions options,
    SmtpConnections connections,
    MakeMail make,
    ILogger<SendMail> log
) : ISendDelivery
{
    /// <summary>What a full pace waits before it is tried again, at most.</summary>
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly MailPace pace = new(installation.Clock);

    public DeliveryKind Kind => DeliveryKind.Mail;

    /// <summary>Ends within the plan's timeout, or soon after <paramref name="stop"/>.</summary>
    public async Task<TryOutcome> Run(WorkspaceSettings settings, Delivery delivery, CancellationToken stop)
    {
        var began = installation.Clock.GetTimestamp();
        using var limit = new CancellationTokenSource(options.Plan.Timeout, installation.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var work = new UnitOfWork(installation, settings, "system");
            if (
                !Id.TryParse<Message>(delivery.Subject, out var id)
                || await work.Find<Message>(id, both.Token) is not { Address: { } address } message
            )
                return Final(MailDeliveries.Erased);
            // As it is now, on every node: who unsubscribed a moment ago gets nothing.
            if (await SuppressAddress.Of(work, address, both.Token) is not null)
                return Final(Message.Suppressed);
            if (message.Sender is not { } by || await work.Find<Sender>(by, both.Token) is not { Active: true } sender)
                return Final("endpoint_inactive");
            if (pace.MustWait(by, delivery.Host, sender.PerMinuteAndDomain) is { } wait)
                return Came(AttemptResult.Interrupted, null, wait < Minute ? wait : Minute);
            if (make.Run(settings.Key, sender, message, work.Now) is not { } made)
                return Final(MailDeliveries.Refused);
            return await Send(settings, sender, made, both.Token);
        }
        catch (OperationCanceledException)
        {
            return Came(limit.IsCancellationRequested ? AttemptResult.Timeout : AttemptResult.Interrupted);
        }
        catch (StoreUnavailableException)
        {
            throw;
        }
        catch (Exception error)
        {
            return Failed(error);
        }

        TryOutcome Final(string reason) => Came(AttemptResult.Refused) with { Final = reason };

        TryOutcome Came(AttemptResult result, int? status = null, TimeSpan? retryAfter = null) =>
            new(result, status, retryAfter, installation.Clock.GetElapsedTime(began));

        async Task<TryOutcome> Send(WorkspaceSettings of, Sender sender, MadeMail made, CancellationToken cancel)
        {
            while (true)
            {
                using var lent = await connections.Take(of.Key, sender, cancel);
                try
                {
                    await lent.Client.SendAsync(FormatFor(lent.Client), made.Mime, made.From ?? Nobody, [made.To], cancel);
                    lent.IsSound = true;
                    return Came(AttemptResult.Delivered, 250);
                }
                catch (Exception error) when (!lent.IsNew && error is ServiceNotConnectedException or SmtpProtocolException or IOException)
                {
                    // The server had ended the connection meanwhile: a new one says more.
                }
                catch (SmtpCommandException error) when ((int)error.StatusCode != 421)
                {
                    // It refused this mail; the next one may go.
                    lent.IsSound = await IsReset(lent.Client, cancel);
                    throw;
                }
            }
        }

        TryOutcome Failed(Exception error)
        {
            switch (error)
            {
                case AddressNotAllowedException:
                    return Came(AttemptResult.NotAllowed);
                case SmtpCommandException refused:
                    var status = (int)refused.StatusCode;
                    return status < 500
                        ? Came(AttemptResult.Refused, status)
                        : Came(AttemptResult.Refused, status) with
                        {
                            Final = MailAnswer.ReasonOf(refused),
                        };
                case NotSupportedException or ArgumentException or FormatException:
                    return Final(MailDeliveries.Refused);
                case AuthenticationException or SslHandshakeException:
                    log.LogWarning("A mail server did not let a sender in: {Error}", error.GetType().Name);
                    return Came(AttemptResult.Refused);
                default:
                    return Came(AttemptResult.Unreachable);
            }
        }
    }

    /// <summary>The null sender: its mailbox has no address.</summary>
    static readonly MailboxAddress Nobody = new("", "");

    static FormatOptions FormatFor(SmtpClient client)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.International = false;
        format.EnsureNewLine = true;
        return format;
    }

    static async Task<bool> IsReset(SmtpClient client, CancellationToken cancel)
    {
        try
        {
            await client.NoOpAsync(cancel);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>What a mail server's refusal says about the address.</summary>
public static class MailAnswer
{
    public static string ReasonOf(SmtpCommandException refused)
    {
        var words = refused.Message.TrimStart().Split(' ', 2)[0];
        if (words.Split('.') is [{ Length: 1 }, { Length: > 0 and <= 3 }, { Length: > 0 and <= 3 }] parts && parts.All(IsNumber))
            return TakeMail.KindOf(words) is var kind && kind == TakeMail.Soft ? MailDeliveries.Refused : kind;
        // Servers without such codes say of a mailbox that is not there 550, 551 or 553 where they are asked for it.
        return refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)refused.StatusCode is 550 or 551 or 553
            ? MailDeliveries.MailboxUnknown
            : MailDeliveries.Refused;
    }

    static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
