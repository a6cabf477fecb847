// Connections to mail servers: a few for each sender, used again while there is something to send, through the one way out of the product.

using System.Collections.Concurrent;
using System.Net;
using Crm.Api.Outbound;
using Crm.Domain.Mail;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Crm.Api.Mail;

public sealed class SmtpConnections(Installation installation, OutboundGuard guard, TimeProvider clock) : IDisposable
{
    /// <summary>Of one sender and node; more only wait at the server.</summary>
    const int MostOfSender = 4;

    /// <summary>Mails over one connection: some servers end one after a hundred, and say so to the mail that comes next.</summary>
    const int MostMails = 90;

    static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    /// <summary>By the version too: a sender that was changed is connected to anew.</summary>
    readonly record struct Key(WorkspaceKey Workspace, Id Sender, long Version);

    internal sealed class Known
    {
        public readonly SemaphoreSlim Free = new(MostOfSender);
        public readonly ConcurrentStack<Connection> Idle = new();
    }

    readonly ConcurrentDictionary<Key, Known> known = new();

    /// <summary>One connection, somebody's until it is given back.</summary>
    public sealed class Connection(SmtpClient client) : IDisposable
    {
        public SmtpClient Client => client;
        public int Mails { get; set; }
        public long IdleSince { get; set; }

        public void Dispose() => client.Dispose();
    }

    /// <summary>Waits for a place, then connects unless a connection is idle.</summary>
    public async Task<Lent> Take(WorkspaceKey workspace, Sender sender, CancellationToken cancel)
    {
        var key = new Key(workspace, sender.Id, sender.Version);
        var of = known.GetOrAdd(key, _ => new());
        Forget(key);
        await of.Free.WaitAsync(cancel);
        try
        {
            while (of.Idle.TryPop(out var idle))
            {
                if (idle.Client.IsConnected && clock.GetElapsedTime(idle.IdleSince) < Idle)
                    return new(clock, of, idle, false);
                idle.Dispose();
            }
            return new(clock, of, await Connect(workspace, sender, cancel), true);
        }
        catch
        {
            of.Free.Release();
            throw;
        }
    }

    /// <summary>What was idle too long, of all senders, and everything of an older version of this one.</summary>
    void Forget(Key used)
    {
        foreach (var (key, of) in known)
        {
            var isOld = key.Sender == used.Sender && key.Workspace == used.Workspace && key.Version < used.Version;
            if (isOld)
                known.TryRemove(key, out _);
            if (isOld || of.Idle.TryPeek(out var first) && clock.GetElapsedTime(first.IdleSince) >= Idle)
                while (of.Idle.TryPop(out var idle))
                    idle.Dispose();
        }
    }

    /// <summary>A connection for the time of one mail.</summary>
    public sealed class Lent : IDisposable
    {
        readonly TimeProvider clock;
        readonly Known of;
        readonly Connection connection;

        internal Lent(TimeProvider clock, Known of, Connection connection, bool isNew) =>
            (this.clock, this.of, this.connection, IsNew) = (clock, of, connection, isNew);

        public SmtpClient Client => connection.Client;

        /// <summary>Nothing went over it before: what fails now is not that the server had ended it.</summary>
        public bool IsNew { get; }

        /// <summary>The mail was taken: the connection can be used again.</summary>
        public bool IsSound { get; set; }

        public void Dispose()
        {
            if (IsSound && ++connection.Mails < MostMails && connection.Client.IsConnected)
            {
                connection.IdleSince = clock.GetTimestamp();
                of.Idle.Push(connection);
            }
            else
                connection.Dispose();
            of.Free.Release();
        }
    }

    async Task<Connection> Connect(WorkspaceKey workspace, Sender sender, CancellationToken cancel)
    {
        var client = new SmtpClient
        {
            // Asking an authority about a certificate would be another way out.
            CheckCertificateRevocation = false,
            LocalDomain = sender.Domain,
            RequireTLS = false,
        };
        try
        {
            var (host, port) = (sender.Host!, sender.UsedPort);
            var stream = await guard.Connect(new DnsEndPoint(host, port), cancel, forMail: true);
            await client.ConnectAsync(
                stream,
                host,
                port,
                sender.Tls switch
                {
                    MailTls.Implicit => SecureSocketOptions.SslOnConnect,
                    MailTls.StartTls => SecureSocketOptions.StartTls,
                    _ => SecureSocketOptions.None,
                },
                cancel
            );
            if (sender.User is { } user && SealedFields.Open(installation.MasterKeys, workspace, sender, "password") is { } password)
                await client.AuthenticateAsync(user, password, cancel);
            return new(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var of in known.Values)
            while (of.Idle.TryPop(out var idle))
                idle.Dispose();
    }
}
