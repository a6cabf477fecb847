// How a mail is made: no name, subject or address adds a header or a reader, and what is put off comes in one mail.

using System.Text;
using Crm.Api.Http;
using Crm.Api.Mail;
using Crm.Domain.Forms;
using Crm.Domain.Mail;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Tests.Work;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Mail;

public sealed class MakeMailTests(ITestOutputHelper output)
{
    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    static readonly string[] Pieces =
    [
        "\r\nBcc: victim@example.org",
        "\nX-Injected: yes",
        "\rTo: other@example.org",
        "\u2028Cc: other@example.org",
        "\u0085Bcc: other@example.org",
        "\0",
        "\u001b[31m",
        "\"",
        "\\",
        "<other@example.org>",
        ", other@example.org",
        "; other@example.org",
        "(comment)",
        "=?utf-8?q?=0D=0ABcc:_victim@example.org?=",
        "=?utf-8?b?DQpCY2M6IHZpY3RpbUBleGFtcGxlLm9yZw==?=",
        "\u202e",
        "\ud83d\ude00",
        "São João",
        "李雷",
        new string('a', 300),
        "\r\n\r\n<script>alert(1)</script>",
        "\r\n.\r\nMAIL FROM:<x@example.org>",
        "\ufeff",
        "%0d%0aBcc:other@example.org",
        " ",
        "Ana",
    ];

    static readonly string[] Addresses =
    [
        "ana@example.org",
        "ana+x@example.org",
        "josé@example.org",
        "ana@münchen.example.org",
        "o'neil@example.org",
        "\"a b\"@example.org",
        "\"a\r\nRCPT TO:<other@example.org>\"@example.org",
        "ana@example.org, other@example.org",
        "ana@example.org\r\nBcc: other@example.org",
        "<ana@example.org> <other@example.org>",
        "ana@[127.0.0.1]",
        "ana(other@example.org)@example.org",
        "a..b@example.org",
        "@example.org",
        "",
    ];

    [Fact]
    public async Task no_name_and_no_subject_makes_a_second_header_or_a_second_reader()
    {
        await using var temp = await TempInstallation.Open();
        var make = new MakeMail(temp.Installation, new PublicUrl("https://crm.example.org"));
        var random = new Random(Seed.Of(output));
        var (made, refused) = (new List<ArrivedMail>(), 0);
        for (var i = 0; i < (Long ? 10_000 : 400); i++)
        {
            var sender = new Sender
            {
                Id = temp.Installation.Ids.Next(),
                Name = "s",
                Host = "smtp.example.org",
                From = "hello@silva.example.org",
                FromName = Hostile(random),
                ReplyTo = random.Next(3) == 0 ? Addresses[random.Next(Addresses.Length)] : null,
            };
            var message = new Message
            {
                Id = temp.Installation.Ids.Next(),
                Purpose = MessagePurpose.Notification,
                Address = Addresses[random.Next(Addresses.Length)],
                ReplyTo = random.Next(3) == 0 ? Addresses[random.Next(Addresses.Length)] : null,
                Subject = Hostile(random),
                Text = Hostile(random),
                Html = "<p>" + Hostile(random),
                MessageId = "dlv_x@silva.example.org",
            };
            if (make.Run(new WorkspaceKey(1), sender, message, DateTimeOffset.UnixEpoch) is not { } mail)
            {
                refused++;
                continue;
            }
            mail.To.Address.Should().NotContainAny(" ", "\r", "\n", ",", "<", ">", "\"");
            mail.To.Address.Count(c => c == '@').Should().Be(1);
            using var bytes = new MemoryStream();
            mail.Mime.WriteTo(bytes);
            made.Add(new("", [mail.To.Address], Convert.ToBase64String(bytes.ToArray())));
        }
        output.WriteLine($"{made.Count} were made, {refused} had no address that can be written to.");
        made.Count.Should().BeGreaterThan(100);
        refused.Should().BeGreaterThan(20);
        string[] usual =
        [
            "from",
            "to",
            "reply-to",
            "subject",
            "date",
            "message-id",
            "auto-submitted",
            "x-auto-response-suppress",
            "list-id",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "mime-version",
            "content-type",
        ];
        foreach (var mail in made)
        {
            // Of the bytes themselves: a line of the head begins a header that we know, or goes on with one.
            var head = mail.Source.ReplaceLineEndings("\n").Split("\n\n")[0].Split('\n');
            var names = head.Where(line => line[0] is not (' ' or '\t')).Select(line => line.Split(':')[0].ToLowerInvariant()).ToList();
            names.Should().OnlyHaveUniqueItems().And.BeSubsetOf(usual, mail.Source);
        }
        foreach (var read in await MailServer.Read(made.Take(500)))
        {
            read["to"]!.AsArray().Should().HaveCount(1);
            read["from"]!.AsArray().Should().HaveCount(1);
            read["cc"]!.AsArray().Concat(read["bcc"]!.AsArray()).Should().BeEmpty();
            read["headers"]!.AsArray().Select(name => name!.ToString()).Should().OnlyHaveUniqueItems();
        }
    }

    static string Hostile(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 5); i > 0; i--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }

    [Fact]
    public async Task posts_of_an_hour_come_in_one_mail_and_what_was_put_away_as_spam_meanwhile_is_not_in_it()
    {
        await using var temp = await TempInstallation.Open();
        var installation = temp.Installation;
        var work = new UnitOfWork(installation, await temp.Settings(), "test");
        var sender = work.Insert(
            new Sender
            {
                Name = "s",
                Host = "smtp.example.org",
                From = "hello@silva.example.org",
            }
        );
        var form = work.Insert(
            new Form
            {
                Name = "Contact",
                Key = "testformkey",
                Fields = [new() { Name = "message", Label = "What" }],
                Notify = new()
                {
                    Sender = sender.Id,
                    Addresses = ["office@silva.example.org"],
                    As = NotifyAs.Hourly,
                },
            }
        );
        (await work.Commit(default)).Committed.Should().BeTrue();

        var entries = new List<Submission>();
        for (var i = 0; i < 3; i++)
        {
            work = new(installation, await temp.Settings(), "test");
            entries.Add(
                work.Insert(
                    new Submission { Form = form.Id, Fields = new(Encoding.UTF8.GetBytes($$"""{"message":"number {{i}}"}""")) },
                    null
                )
            );
            (await work.Commit(default)).Committed.Should().BeTrue();
        }
        (await temp.Count<MailJob>()).Should().Be(3);
        // Not before the hour is over.
        var due = await MakeMails.Step(installation, await temp.Settings(), default);
        (due > installation.Now && due!.Value.Minute == 0).Should().BeTrue();

        work = new(installation, await temp.Settings(), "test");
        work.Replace(entries[1], entries[1] with { Verdict = Verdict.Rejected, Reason = Submission.SpamReason }, null);
        using (var jobs = await work.Store.Query(new(ResourceType.Of<MailJob>().Collection, null, [], false, null, 10), default))
            for (var i = 0; i < jobs.Count; i++)
            {
                var job = ResourceType.Of<MailJob>().FromRow<MailJob>(jobs[i]);
                work.Replace(job, job with { DueAt = installation.Now }, null);
            }
        (await work.Commit(default)).Committed.Should().BeTrue();
        await MakeMails.Step(installation, await temp.Settings(), default);
        (await temp.Count<MailJob>()).Should().Be(0);
        using var messages = await work.Store.Query(new(ResourceType.Of<Message>().Collection, null, [], false, null, 10), default);
        messages.Count.Should().Be(1);
        var message = ResourceType.Of<Message>().FromRow<Message>(messages[0]);
        message.Subject.Should().Be("2 new entries: Contact");
        message.Text.Should().Contain("What: number 0").And.Contain("What: number 2").And.NotContain("number 1");
    }
}
