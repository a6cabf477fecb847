// Mails go out through a real mail server: the team hears of posts, visitors are answered, and nobody gets a mail who should not.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Mail;

/// <summary>A product that may send to this machine, a mail server, and a DNS server that it asks.</summary>
public sealed class MailingServer : IAsyncLifetime
{
    internal CrmServer Crm { get; private set; } = null!;
    internal MailServer Mails { get; private set; } = null!;
    internal DnsServer Dns { get; } = new();

    public async Task InitializeAsync()
    {
        Mails = await MailServer.Start();
        Crm = new(
            null,
            "--Crm:Outbound:Allow=127.0.0.1",
            "--Crm:Outbound:Schedule=0.05s,0.1s,0.2s,0.5s,1s",
            "--Crm:PublicUrl=https://crm.silva.example.org",
            $"--Crm:Dns={Dns.Address}"
        );
        await Crm.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Crm.DisposeAsync();
        await Mails.DisposeAsync();
        Dns.Dispose();
    }
}

public sealed class MailTests(MailingServer fixture, ITestOutputHelper output) : IClassFixture<MailingServer>
{
    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    readonly CrmServer server = fixture.Crm;
    readonly MailServer mails = fixture.Mails;

    /// <summary>Addresses of a test of its own: all share one mail server.</summary>
    readonly string mark = Guid.NewGuid().ToString("N")[..8];

    async Task<JsonNode> Sender(TestWorkspace workspace, object? more = null)
    {
        var body = new JsonObject
        {
            ["name"] = "Silva",
            ["host"] = "127.0.0.1",
            ["port"] = mails.Port,
            ["tls"] = "none",
            ["from"] = "hello@silva.example.org",
            ["fromName"] = "Silva Energia",
            ["returnPath"] = "bounces@silva.example.org",
        };
        if (more is not null)
            foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject())
                body[name] = value?.DeepClone();
        var made = await workspace.Post("/v1/senders", body);
        made.Status.Should().Be(201, made.Text);
        return made.Json!;
    }

    static async Task<JsonNode> Form(TestWorkspace workspace, object more)
    {
        var body = new JsonObject
        {
            ["name"] = "Contact us",
            ["fields"] = new JsonArray(
                new JsonObject { ["name"] = "name", ["mapsTo"] = "name" },
                new JsonObject
                {
                    ["name"] = "email",
                    ["label"] = "E-mail",
                    ["kind"] = "email",
                    ["mapsTo"] = "email",
                },
                new JsonObject { ["name"] = "message", ["kind"] = "longText" }
            ),
        };
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject())
            body[name] = value?.DeepClone();
        return await workspace.NewForm(body);
    }

    static async Task<JsonNode> Message(TestWorkspace workspace, string query, Func<JsonNode, bool> is_)
    {
        for (var began = System.Diagnostics.Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            var all = await workspace.All($"/v1/messages{query}");
            if (all.FirstOrDefault(is_) is { } found)
                return found;
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                throw new TimeoutException($"A message was awaited: {string.Join("\n", all.Select(one => one.ToJsonString()))}");
        }
    }

    static Task<JsonNode> Message(TestWorkspace workspace, string address, string status) =>
        Message(workspace, $"?address={Uri.EscapeDataString(address)}", message => message["status"]!.ToString() == status);

    static Task<Reply> Suppressions(TestWorkspace workspace, string address) =>
        workspace.Get($"/v1/suppressions?address={Uri.EscapeDataString(address)}");

    async Task<Reply> HandIn(JsonNode sender, string mail)
    {
        using var content = new StringContent(mail.ReplaceLineEndings("\r\n"), Encoding.UTF8);
        content.Headers.ContentType = new("message/rfc822");
        using var answer = await server.Http.PostAsync($"/in/mail/{sender["inboxKey"]}", content);
        return await Reply.Of(answer);
    }

    static string Bounce(string to, string status, string original = "Subject: Thank you", string action = "failed") =>
        $"""
            Return-Path: <>
            From: Mail Delivery System <mailer-daemon@example.org>
            To: {to}
            Subject: Undelivered Mail Returned to Sender
            Message-ID: <{Guid.NewGuid():N}@example.org>
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

            --b1
            Content-Type: text/plain; charset=us-ascii

            Your mail could not be delivered.

            --b1
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.org

            Final-Recipient: rfc822; somebody@example.org
            Action: {action}
            Status: {status}
            Diagnostic-Code: smtp; 550 {status} told so

            --b1
            Content-Type: text/rfc822-headers

            {original}

            --b1--
            """;

    [OnEveryStore]
    [Fact]
    public async Task a_post_notifies_a_member_and_answers_the_visitor_in_portuguese_and_a_bounce_suppresses_the_address()
    {
        var workspace = await server.NewWorkspace();
        var member = await workspace.Post("/v1/members", new { name = "Bia Costa", email = $"bia.{mark}@silva.example.org" });
        var sender = await Sender(workspace);
        var form = await Form(
            workspace,
            new
            {
                notify = new
                {
                    sender = sender["id"],
                    members = new[] { member["id"] },
                    language = "de",
                },
                autoAnswer = new { sender = sender["id"] },
            }
        );
        var (visitor, name) = ($"joao.{mark}@example.org", "João Ávila");
        (
            await workspace.Submit(
                form,
                new
                {
                    name,
                    email = visitor,
                    message = "Quanto custa?\n<b>Já</b>",
                },
                ("Accept-Language", "pt-BR,pt;q=0.9,en;q=0.5")
            )
        ).Status.Should().Be(201);

        var answer = (await mails.To(visitor)).Single();
        var notice = (await mails.To($"bia.{mark}@silva.example.org")).Single();
        var read = await MailServer.Read([answer, notice]);
        // The answer: Portuguese, from the firm, to nobody else, and no machine answers it.
        read[0]["subject"]!.ToString().Should().Be("Obrigado pela sua mensagem");
        read[0]["text"]!.ToString().Should().Contain("Olá João Ávila,").And.Contain("Recebemos a sua mensagem").And.NotContain("Quanto");
        read[0]["html"]!.ToString().Should().Contain("<p>Olá João Ávila,</p>");
        read[0]["from"]![0]!.ToJsonString().Should().Contain("hello@silva.example.org").And.Contain("Silva Energia");
        read[0]["to"]!.AsArray().Should().ContainSingle().Which!["address"]!.ToString().Should().Be(visitor);
        read[0]["lines"]!["auto-submitted"]!.ToString().Should().Be("auto-replied");
        read[0]["lines"]!["list-id"]!.ToString().Should().Contain("silva.example.org");
        read[0]["lines"]!["list-unsubscribe"].Should().BeNull();
        read[0]["messageId"]!.ToString().Should().MatchRegex("^<dlv_[0-9a-z]{26}@silva\\.example\\.org>$");
        answer.From.Should().StartWith("bounces+").And.EndWith("@silva.example.org");
        // The member's: German, answers go to the person, what was typed is text.
        read[1]["subject"]!.ToString().Should().Be("Neuer Eintrag: Contact us");
        read[1]["text"]!.ToString().Should().Contain("E-mail: " + visitor).And.Contain("<b>Já</b>");
        read[1]["html"]!.ToString().Should().Contain("&lt;b&gt;Já&lt;/b&gt;").And.NotContain("<b>Já");
        read[1]["replyTo"]![0]!["address"]!.ToString().Should().Be(visitor);
        read[1]["lines"]!["auto-submitted"]!.ToString().Should().Be("auto-generated");
        read[1]["lines"]!["list-unsubscribe"].Should().BeNull("a member has other ways");
        var lead = (await workspace.Get($"/v1/leads?email={Uri.EscapeDataString(visitor)}")).Data.Single()!;
        read[1]["text"]!.ToString().Should().Contain($"https://crm.silva.example.org/desk/leads/{lead["id"]}");

        var sent = await Message(workspace, visitor, "sent");
        sent["lead"]!.ToString().Should().Be(lead["id"]!.ToString());
        sent["language"]!.ToString().Should().Be("pt");

        // It did not arrive: no mail goes there any more.
        (await HandIn(sender, Bounce(answer.From, "5.1.1")))["outcome"]!.ToString().Should().Be("bounced");
        (await Message(workspace, visitor, "bounced"))["reason"]!.ToString().Should().Be("mailbox_unknown");
        (await Suppressions(workspace, visitor)).Data.Should().ContainSingle().Which!["reason"]!.ToString().Should().Be("bounced");
        (await HandIn(sender, Bounce(answer.From, "5.1.1")))["outcome"]!.ToString().Should().Be("repeated");
        var timeline = await workspace.Get($"/v1/leads/{lead["id"]}/timeline");
        while (timeline.Data.All(one => one!["type"]!.ToString() != "lead.mailBounced"))
        {
            await Task.Delay(20); // MongoDB numbers events behind the commit.
            timeline = await workspace.Get($"/v1/leads/{lead["id"]}/timeline");
        }
        timeline.Data.Select(one => one!["type"]!.ToString()).Should().Contain("lead.mailSent");
    }

    [Fact]
    public async Task whose_address_others_post_gets_three_mails_a_day_one_of_each_form()
    {
        var workspace = await server.NewWorkspace();
        var sender = await Sender(workspace);
        var forms = new List<JsonNode>();
        for (var i = 0; i < 5; i++)
            forms.Add(await Form(workspace, new { name = $"Form {i}", autoAnswer = new { sender = sender["id"], perHour = 1000 } }));
        var posts = Long ? 10_000 : 100;
        await Parallel.ForEachAsync(Enumerable.Range(0, posts), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            // Plus signs and dots make another address and the same mailbox.
            var address = (i % 4) switch
            {
                0 => $"victim{mark}@example.org",
                1 => $"victim{mark}+{i}@example.org",
                2 => $"VICTIM{mark}@EXAMPLE.org",
                _ => $"vic.tim{mark}@example.org",
            };
            (await workspace.Submit(forms[i % 5], new { email = address, message = $"Buy {i}" })).Status.Should().Be(201);
        });
        // Somebody else posts after all of them: when they are answered, the others were looked at.
        var last = $"last.{mark}@example.org";
        (await workspace.Submit(forms[0], new { email = last })).Status.Should().Be(201);
        await mails.To(last);
        var got = mails
            .All.Where(mail => mail.To[0].Replace(".", "").Contains($"victim{mark}", StringComparison.OrdinalIgnoreCase))
            .ToList();
        var messages = (await workspace.All("/v1/messages?purpose=answer"))
            .Where(message => message["address"]!.ToString() != last)
            .ToList();
        messages.Should().HaveCount(3);
        messages.Select(message => message["form"]!.ToString()).Distinct().Should().HaveCount(3);
        got.Count.Should().BeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task an_answer_says_nothing_of_what_was_posted_but_a_name_that_looks_like_one()
    {
        var workspace = await server.NewWorkspace();
        var sender = await Sender(workspace);
        var template = await workspace.Post(
            "/v1/mail-templates",
            new
            {
                name = "Thanks",
                texts = new object[]
                {
                    new
                    {
                        language = "en",
                        subject = "Hi {{ firstName | default: 'you' }}",
                        text = "{{ name }}|{{ message }}|{{ form }}|{{ lead.message }}",
                        html = "<p>{{ name | default: 'friend' }}</p>",
                    },
                    new
                    {
                        language = "pt-BR",
                        subject = "Oi",
                        text = "Oi",
                    },
                },
            }
        );
        template.Status.Should().Be(201, template.Text);
        var form = await Form(workspace, new { autoAnswer = new { sender = sender["id"], template = template["id"] } });
        async Task<JsonNode> Answer(string name, string address, string language = "en")
        {
            (
                await workspace.Submit(
                    form,
                    new
                    {
                        name,
                        email = address,
                        message = "Buy now",
                    },
                    ("Accept-Language", language)
                )
            ).Status.Should().Be(201);
            return (await MailServer.Read(await mails.To(address)))[0];
        }
        var plain = await Answer("Ana Silva", $"a.{mark}@example.org");
        plain["subject"]!.ToString().Should().Be("Hi Ana");
        plain["text"]!.ToString().Trim().Should().Be("Ana Silva||Contact us|");
        var advert = await Answer("Win at www.casino.example", $"b.{mark}@example.org");
        advert["subject"]!.ToString().Should().Be("Hi you");
        advert["html"]!.ToString().Should().Contain("<p>friend</p>");
        (await Answer("Ana", $"c.{mark}@example.org", "pt;q=0.9,fr;q=0.1"))["subject"]!.ToString().Should().Be("Oi");
        // Nothing of ours answers ourselves.
        (await workspace.Submit(form, new { email = "hello@silva.example.org" })).Status.Should().Be(201);
        await Answer("Ana", $"d.{mark}@example.org");
        (await workspace.All("/v1/messages?purpose=answer"))
            .Select(message => message["address"]!.ToString())
            .Should()
            .NotContain("hello@silva.example.org");
    }

    [Fact]
    public async Task a_template_that_cannot_be_read_is_refused_with_its_line_and_column()
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post(
            "/v1/mail-templates",
            new
            {
                name = "Thanks",
                texts = new[]
                {
                    new
                    {
                        language = "en",
                        subject = "Hi",
                        text = "one\n{{ name | shout }}",
                    },
                },
            }
        );
        made.Status.Should().Be(422, made.Text);
        made.Errors.Should().Equal("texts.0.text:template_invalid");
        made.Text.Should().Contain("Line 2, column 11");
    }

    [Fact]
    public async Task the_team_gets_no_more_mails_an_hour_than_it_wants_and_the_last_one_says_so()
    {
        var workspace = await server.NewWorkspace();
        var sender = await Sender(workspace);
        var office = $"office.{mark}@silva.example.org";
        var form = await Form(
            workspace,
            new
            {
                notify = new
                {
                    sender = sender["id"],
                    addresses = new[] { office },
                    perHour = 3,
                },
            }
        );
        // Before the hour turns in the middle of it.
        while (TimeProvider.System.GetUtcNow() is { Minute: 59, Second: > 20 })
            await Task.Delay(1000);
        for (var i = 0; i < 6; i++)
            (await workspace.Submit(form, new { email = $"{i}.{mark}@example.org" })).Status.Should().Be(201);
        var arrived = await mails.To(office, 3);
        // A post of another form comes after them: then they were all looked at.
        var other = await Form(workspace, new { name = "Other", autoAnswer = new { sender = sender["id"] } });
        (await workspace.Submit(other, new { email = $"last.{mark}@example.org" })).Status.Should().Be(201);
        await mails.To($"last.{mark}@example.org");
        (await workspace.All("/v1/messages?purpose=notification")).Should().HaveCount(3);
        var texts = (await MailServer.Read(arrived)).Select(mail => mail["text"]!.ToString()).ToList();
        texts.Count(text => text.Contains("This is the last mail of this hour.")).Should().Be(1);
    }

    [Fact]
    public async Task who_unsubscribes_gets_nothing_more_and_a_look_at_the_page_changes_nothing()
    {
        var workspace = await server.NewWorkspace();
        var sender = await Sender(workspace);
        var office = $"office.{mark}@silva.example.org";
        var form = await Form(workspace, new { notify = new { sender = sender["id"], addresses = new[] { office } } });
        (await workspace.Submit(form, new { email = $"1.{mark}@example.org" })).Status.Should().Be(201);
        var mail = (await MailServer.Read(await mails.To(office)))[0];
        mail["lines"]!["list-unsubscribe-post"]!.ToString().Should().Be("List-Unsubscribe=One-Click");
        var link = mail["lines"]!["list-unsubscribe"]!.ToString().Trim('<', '>');
        link.Should().StartWith("https://crm.silva.example.org/u/");
        mail["text"]!.ToString().Should().Contain(link);
        var path = new Uri(link).AbsolutePath;

        using (var page = new HttpRequestMessage(HttpMethod.Get, path))
        {
            page.Headers.Add("Accept", "text/html");
            page.Headers.Add("Accept-Language", "fr");
            using var shown = await server.Http.SendAsync(page);
            ((int)shown.StatusCode).Should().Be(200);
            (await shown.Content.ReadAsStringAsync()).Should().Contain("<form method=\"post\">").And.Contain("Unsubscribe");
        }
        (await Suppressions(workspace, office)).Data.Should().BeEmpty();
        foreach (var wrong in new[] { path[..^1] + (path[^1] == 'A' ? 'B' : 'A'), "/u/x", "/u/" + new string('a', 90) })
            ((int)(await server.Http.PostAsync(wrong, null)).StatusCode).Should().Be(404);
        // A mail program's one click: no cookies, no page, as often as it likes.
        for (var i = 0; i < 2; i++)
        {
            using var click = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
            ((int)(await server.Http.PostAsync(path, click)).StatusCode).Should().Be(200);
        }
        (await Suppressions(workspace, office)).Data.Should().ContainSingle().Which!["reason"]!.ToString().Should().Be("unsubscribed");
        (await workspace.Submit(form, new { email = $"2.{mark}@example.org" })).Status.Should().Be(201);
        (await Message(workspace, office, "failed"))["reason"]!.ToString().Should().Be("suppressed");
        mails.All.Count(one => one.To.Contains(office)).Should().Be(1);
        // A member takes it back.
        var row = (await Suppressions(workspace, office)).Data.Single()!;
        (await workspace.Delete($"/v1/suppressions/{row["id"]}")).Status.Should().Be(204);
        (await workspace.Submit(form, new { email = $"3.{mark}@example.org" })).Status.Should().Be(201);
        await mails.To(office, 2);
    }

    [Fact]
    public async Task a_member_suppresses_an_address_once()
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post("/v1/suppressions", new { address = $"Stop.{mark}@Example.org" });
        made.Status.Should().Be(201, made.Text);
        made["reason"]!.ToString().Should().Be("manual");
        made.Text.Should().NotContain("seal");
        var again = await workspace.Post("/v1/suppressions", new { address = $"stop.{mark}@example.org" });
        again.Code.Should().Be("already_exists");
        (await workspace.Post("/v1/suppressions", new { })).Status.Should().Be(422);
    }

    [Fact]
    public async Task what_a_server_refuses_for_now_is_tried_again_and_what_it_refuses_for_good_is_not()
    {
        var workspace = await server.NewWorkspace();
        var sender = await Sender(workspace);
        var form = await Form(workspace, new { autoAnswer = new { sender = sender["id"] } });
        foreach (var local in new[] { "busy", "unknown", "spam", "old" })
            (await workspace.Submit(form, new { email = $"{local}+{mark}@{local}.example.org" })).Status.Should().Be(201);
        await mails.To($"busy+{mark}@busy.example.org");
        (await Message(workspace, $"busy+{mark}@busy.example.org", "sent"))["reason"].Should().BeNull();
        foreach (var local in new[] { "unknown", "old" })
        {
            var address = $"{local}+{mark}@{local}.example.org";
            (await Message(workspace, address, "bounced"))["reason"]!.ToString().Should().Be("mailbox_unknown");
            (await Suppressions(workspace, address)).Data.Should().ContainSingle();
        }
        var refused = $"spam+{mark}@spam.example.org";
        (await Message(workspace, refused, "failed"))["reason"]!.ToString().Should().Be("refused");
        (await Suppressions(workspace, refused)).Data.Should().BeEmpty("that is about us");
        var deliveries = await workspace.All("/v1/deliveries?kind=mail");
        deliveries.Single(one => one["host"]!.ToString() == "busy.example.org")["attempts"]!.GetValue<long>().Should().Be(2);
        deliveries.Single(one => one["host"]!.ToString() == "unknown.example.org")["attempts"]!.GetValue<long>().Should().Be(1);
    }

    [Fact]
    public async Task reports_and_answers_that_come_in_are_understood()
    {
        var workspace = await server.NewWorkspace();
        var sender = await Sender(workspace);
        var form = await Form(workspace, new { autoAnswer = new { sender = sender["id"] } });
        async Task<(string Address, ArrivedMail Mail, string MessageId)> Answered(string name)
        {
            var address = $"{name}.{mark}@{name}.example.org";
            (await workspace.Submit(form, new { email = address })).Status.Should().Be(201);
            var mail = (await mails.To(address)).Single();
            return (address, mail, (await Message(workspace, address, "sent"))["messageId"]!.ToString());
        }
        async Task<string> Outcome(string mail) => (await HandIn(sender, mail))["outcome"]!.ToString();

        var late = await Answered("late");
        (await Outcome(Bounce(late.Mail.From, "4.4.1", action: "delayed"))).Should().Be("ignored");
        (await Outcome(Bounce(late.Mail.From, "4.4.1"))).Should().Be("bounced");
        (await Suppressions(workspace, late.Address)).Data.Should().BeEmpty("it may be back");
        var policy = await Answered("policy");
        (await Outcome(Bounce("bounces@silva.example.org", "5.7.1", $"Message-ID: <{policy.MessageId}>"))).Should().Be("bounced");
        (await Suppressions(workspace, policy.Address)).Data.Should().BeEmpty("that is about us");
        var gone = await Answered("gone");
        (await Outcome(Bounce("BOUNCES@silva.example.org", "5.2.1", $"Message-ID: <{gone.MessageId}>"))).Should().Be("bounced");
        (await Suppressions(workspace, gone.Address)).Data.Should().ContainSingle();
        // What is made up or somebody else's names nothing; it is kept for a look.
        (await Outcome(Bounce("bounces+00000000000000000000000000aaaaaaaaaaaaaaaa@silva.example.org", "5.1.1"))).Should().Be("kept");

        var angry = await Answered("angry");
        (
            await Outcome(
                $"""
                From: complaints@example.org
                To: {angry.Mail.From}
                Message-ID: <{Guid.NewGuid():N}@example.org>
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

                --b2
                Content-Type: text/plain

                This is an abuse report.

                --b2
                Content-Type: message/feedback-report

                Feedback-Type: abuse
                User-Agent: Example/1.0
                Version: 1

                --b2
                Content-Type: message/rfc822

                From: hello@silva.example.org
                Message-ID: <{angry.MessageId}>
                Subject: Thank you

                Thank you.

                --b2--
                """
            )
        ).Should().Be("complained");
        (await Suppressions(workspace, angry.Address)).Data.Should().ContainSingle().Which!["reason"]!.ToString().Should().Be("complaint");

        // A vacation's notice is nothing: nobody is suppressed by it, and nobody answers it.
        var away = await Answered("away");
        (
            await Outcome(
                $"From: {away.Address}\nTo: hello@silva.example.org\nAuto-Submitted: auto-replied\nMessage-ID: <v.{mark}@example.org>\nSubject: Away\n\nI am away."
            )
        )
            .Should()
            .Be("ignored");
        (await Suppressions(workspace, away.Address)).Data.Should().BeEmpty();

        // A person's answer is on the lead's timeline, once.
        var glad = await Answered("glad");
        var answer =
            $"From: Glad <{glad.Address.ToUpperInvariant()}>\nTo: hello@silva.example.org\nMessage-ID: <r.{mark}@example.org>\nIn-Reply-To: <{glad.MessageId}>\nSubject: =?utf-8?q?Sim=2C_obrigado?=\nContent-Type: text/html; charset=utf-8\n\n<style>x</style><p>Quero &amp; preciso</p><script>alert(1)</script>";
        (await Outcome(answer)).Should().Be("answered");
        (await Outcome(answer)).Should().Be("repeated");
        var lead = (await workspace.Get($"/v1/leads?email={Uri.EscapeDataString(glad.Address)}")).Data.Single()!;
        var got = (await workspace.Get($"/v1/messages?lead={lead["id"]}&direction=in")).Data.Should().ContainSingle().Which!;
        got["subject"]!.ToString().Should().Be("Sim, obrigado");
        got["text"]!.ToString().Should().Contain("Quero & preciso").And.NotContain("alert").And.NotContain("<");
        got["inReplyTo"].Should().NotBeNull();

        (await server.Http.PostAsync("/in/mail/nosuchkey", new StringContent("x")))
            .StatusCode.Should()
            .Be(System.Net.HttpStatusCode.NotFound);
        // Whatever comes is read as far as it can be.
        (await Outcome("")).Should().Be("ignored");
        (await Outcome("\0\u0001 nothing at all")).Should().Be("ignored");
    }

    [Fact]
    public async Task mails_in_five_languages_are_signed_and_read_by_others_as_they_were_written()
    {
        var workspace = await server.NewWorkspace();
        using var rsa = RSA.Create(2048);
        var sender = await Sender(
            workspace,
            new
            {
                dkimSelector = "crm1",
                dkimKey = rsa.ExportPkcs8PrivateKeyPem(),
                fromName = "Sílva \u2013 Energía, \"S.A.\"",
            }
        );
        sender["dkimKey"].Should().BeNull("it is shown to nobody");
        var form = await Form(workspace, new { autoAnswer = new { sender = sender["id"], perHour = 10_000 } });
        string[] languages = ["en", "pt", "es", "fr", "de"];
        string[] names = ["Ana Silva", "João Ávila", "Ñandú Pérez", "Zoë Lefèvre", "Jürgen Groß", "李雷", "Ελένη", "D'Arcy"];
        var count = Long ? 1000 : 50;
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            (
                await workspace.Submit(
                    form,
                    new { name = names[i % names.Length], email = $"p{i}.{mark}@d{i % 7}.example.org" },
                    ("Accept-Language", languages[i % 5])
                )
            )
                .Status.Should()
                .Be(201)
        );
        var arrived = new List<ArrivedMail>();
        for (var i = 0; i < count; i++)
            arrived.Add((await mails.To($"p{i}.{mark}@d{i % 7}.example.org")).Single());
        var read = await MailServer.Read(arrived, Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()));
        for (var i = 0; i < count; i++)
        {
            var mail = read[i];
            mail["dkim"]!.AsArray().Select(one => one!.ToString()).Should().Equal(["pass"], arrived[i].Source);
            mail["charsets"]!.AsArray().Select(one => one!.ToString()).Distinct().Should().Equal("utf-8");
            mail["longest"]!.GetValue<int>().Should().BeLessThanOrEqualTo(998);
            var headers = mail["headers"]!.AsArray().Select(one => one!.ToString()).ToList();
            headers.Should().OnlyHaveUniqueItems();
            mail["text"]!.ToString().Should().Contain(names[i % names.Length]).And.Contain(Words[i % 5]);
            mail["from"]![0]!["name"]!.ToString().Should().Be("Sílva \u2013 Energía, \"S.A.\"");
            mail["to"]!.AsArray().Should().HaveCount(1);
        }
        // A few connections carry them all.
        output.WriteLine($"{count} mails over {mails.Connections} connections.");
    }

    static readonly string[] Words =
    [
        "Your message has arrived.",
        "Recebemos a sua mensagem",
        "Hemos recibido su mensaje",
        "Votre message est arrivé.",
        "Ihre Nachricht ist angekommen.",
    ];

    [Fact]
    public async Task the_check_of_a_sender_says_which_record_to_add()
    {
        var domain = $"{mark}.example.org";
        var workspace = await server.NewWorkspace();
        using var rsa = RSA.Create(2048);
        var sender = await Sender(
            workspace,
            new
            {
                from = $"hello@{domain}",
                dkimSelector = "crm1",
                dkimKey = rsa.ExportPkcs8PrivateKeyPem(),
            }
        );
        async Task<Dictionary<string, JsonNode>> Check()
        {
            var answer = await workspace.Get($"/v1/senders/{sender["id"]}/check");
            answer.Status.Should().Be(200, answer.Text);
            answer["domain"]!.ToString().Should().Be(domain);
            return answer["records"]!.AsArray().ToDictionary(one => one!["name"]!.ToString(), one => one!);
        }
        var none = await Check();
        none.Values.Select(one => one["status"]!.ToString()).Distinct().Should().Equal("missing");
        foreach (var name in new[] { "spf", "dkim", "dmarc" })
        {
            // What it says to add is enough.
            var add = none[name]["add"]!;
            fixture.Dns.Texts[add["name"]!.ToString()] = [add["value"]!.ToString()];
        }
        fixture.Dns.MailServers[domain] = "mx.example.org";
        (await Check()).Values.Select(one => one["status"]!.ToString()).Distinct().Should().Equal("good");
        using var other = RSA.Create(2048);
        fixture.Dns.Texts[$"crm1._domainkey.{domain}"] = ["v=DKIM1; p=" + Convert.ToBase64String(other.ExportSubjectPublicKeyInfo())];
        fixture.Dns.Texts[domain] = ["v=spf1 +all", "something else"];
        fixture.Dns.Texts[$"_dmarc.{domain}"] = ["v=DMARC1; rua=mailto:a@example.org"];
        var wrong = await Check();
        foreach (var name in new[] { "spf", "dkim", "dmarc" })
            wrong[name]["status"]!.ToString().Should().Be("wrong", name);
    }

    [Fact]
    public async Task what_makes_no_sense_of_a_sender_is_refused_by_name()
    {
        var workspace = await server.NewWorkspace();
        async Task Refused(object body, params string[] errors)
        {
            var made = await workspace.Post("/v1/senders", body);
            made.Status.Should().Be(422, made.Text);
            made.Errors.Should().BeEquivalentTo(errors);
        }
        await Refused(new { name = "x", from = "a@example.org" }, "host:required");
        await Refused(
            new
            {
                name = "x",
                from = "a@example.org",
                host = "https://smtp.example.org",
            },
            "host:invalid"
        );
        await Refused(
            new
            {
                name = "x",
                from = "a@example.org",
                host = "smtp.example.org",
                tls = "none",
                user = "u",
                password = "p",
            },
            "tls:invalid"
        );
        await Refused(
            new
            {
                name = "x",
                from = "a@example.org",
                host = "smtp.example.org",
                user = "u",
            },
            "password:required"
        );
        await Refused(
            new
            {
                name = "x",
                from = "a@example.org",
                host = "smtp.example.org",
                dkimSelector = "s",
                dkimKey = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            },
            "dkimKey:invalid"
        );
        var sealed_ = await workspace.Post(
            "/v1/senders",
            new
            {
                name = "x",
                from = "a@example.org",
                host = "smtp.example.org",
                user = "u",
                password = "SECRET-PASSWORD",
            }
        );
        sealed_.Status.Should().Be(201, sealed_.Text);
        sealed_.Text.Should().NotContain("SECRET-PASSWORD");
        (await workspace.Get($"/v1/senders/{sealed_["id"]}")).Text.Should().NotContain("SECRET-PASSWORD");
        (await workspace.Patch($"/v1/senders/{sealed_["id"]}", new { port = 2525 })).Status.Should().Be(200);
    }

    [Fact]
    public async Task a_server_whose_certificate_nobody_vouches_for_gets_nothing()
    {
        await using var untrusted = await MailServer.Start("--tls");
        var workspace = await server.NewWorkspace();
        var sender = await Sender(workspace, new { tls = "startTls", port = untrusted.Port });
        var form = await Form(workspace, new { autoAnswer = new { sender = sender["id"] } });
        (await workspace.Submit(form, new { email = $"tls.{mark}@example.org" })).Status.Should().Be(201);
        (await Message(workspace, $"tls.{mark}@example.org", "failed"))["reason"]!.ToString().Should().Be("attempts_used");
        untrusted.All.Should().BeEmpty();
        untrusted.Connections.Should().BeGreaterThan(0);
    }
}
