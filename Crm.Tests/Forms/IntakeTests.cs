// The rule of intake: what could be read is kept and makes the lead; what could not costs only itself, and says so on the entry.

using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Forms;

[Collection(nameof(CrmServer))]
public sealed class IntakeTests(CrmServer server)
{
    const string Urlencoded = "application/x-www-form-urlencoded";

    static object Field(string name, string kind, bool required = false, string? mapsTo = null) =>
        new
        {
            name,
            kind,
            required,
            mapsTo = mapsTo ?? name,
        };

    static readonly object[] Standard =
    [
        Field("name", "text"),
        Field("email", "email", required: true),
        Field("phone", "phone"),
        Field("company", "text"),
        Field("message", "longText"),
    ];

    async Task<(TestWorkspace Workspace, JsonNode Form)> Form(params object[] more)
    {
        var workspace = await server.NewWorkspace();
        return (workspace, await workspace.NewForm(new { name = "Std", fields = Standard.Concat(more).ToArray() }));
    }

    static IEnumerable<string> Notes(JsonNode entry) => entry["notes"]!.AsArray().Select(n => $"{n!["field"]}:{n["code"]}");

    // ---- Values

    [Theory]
    [InlineData("n/a")]
    [InlineData("-")]
    [InlineData("5.51191E+12")]
    [InlineData("00000000000")]
    [InlineData("12/05/1990")]
    [InlineData("call me")]
    public async Task an_optional_value_that_cannot_be_read_is_kept_and_the_lead_is_made(string phone)
    {
        var (workspace, form) = await Form();
        var receipt = await workspace.Submit(
            form,
            new
            {
                email = "ana@silva.example.org",
                name = "Ana Silva",
                phone,
            }
        );
        var entry = await workspace.Entry(receipt);
        (entry.S("verdict"), entry["fields"]!.S("phone")).Should().Be(("accepted", phone));
        Notes(entry).Should().Equal("phone:value_unreadable");
        entry["notes"]![0]!.S("message").Should().EndWith(".");
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (lead.S("firstName"), lead["phones"]!.AsArray().Count).Should().Be(("Ana", 0));
        entry.S("lead").Should().Be(lead.S("id"));
    }

    [Fact]
    public async Task a_required_value_that_cannot_be_read_stands_in_the_way_until_a_member_approves()
    {
        var (workspace, form) = await Form();
        var refused = await workspace.Submit(
            form,
            new
            {
                email = "ana@",
                name = "Ana Silva",
                phone = "+351 912 345 678",
            }
        );
        (refused.Status, refused.Errors.Single()).Should().Be((422, "email:invalid_email"));
        var approved = await workspace.Post($"/v1/submissions/{(await workspace.LastEntry())["id"]}/approve");
        approved["verdict"]!.ToString().Should().Be("accepted");
        (await workspace.Get($"/v1/leads/{approved["lead"]}"))["phones"]![0]!.S("number").Should().Be("+351912345678");
    }

    [Theory]
    [InlineData("+49 30 123456.0", "+4930123456")]
    [InlineData("+55 11 91234-5678 / +55 11 3333-4444", "+5511912345678")]
    [InlineData("+351 912 345 678 or +351 913 345 678", "+351912345678")]
    [InlineData("+1 212 555 0123 ext. 4", "+12125550123")]
    public async Task a_phone_number_is_found_in_what_stands_around_it(string text, string number)
    {
        var (workspace, form) = await Form();
        await workspace.Submit(form, new { email = "ana@silva.example.org", phone = text });
        (await workspace.LeadOf("ana@silva.example.org"))["phones"]![0]!.S("number").Should().Be(number);
    }

    [Theory]
    [InlineData("country", "text", "address.country", "Brazil", "BR")]
    [InlineData("country", "text", "address.country", "BRA", "BR")]
    [InlineData("country", "text", "address.country", "Deutschland", "DE")]
    [InlineData("country", "text", "address.country", "USA", "US")]
    [InlineData("country", "text", "address.country", "España", "ES")]
    [InlineData("web", "url", "custom.web", "www.example.org", "https://www.example.org")]
    [InlineData("money", "integer", "custom.money", "5,000", "5000")]
    [InlineData("money", "integer", "custom.money", "R$ 5.000,00", "5000")]
    [InlineData("money", "number", "custom.share", "1.234,5", "1234.5")]
    [InlineData("day", "date", "custom.day", "31/12/2026", "2026-12-31")]
    [InlineData("day", "date", "custom.day", "12/31/2026", "2026-12-31")]
    [InlineData("day", "date", "custom.day", "5.6.2026", "2026-06-05")]
    [InlineData("day", "date", "custom.day", "05/06/2026", null)]
    [InlineData("money", "integer", "custom.money", "5.000", null)]
    public async Task a_value_whose_meaning_is_plain_is_read(string name, string kind, string mapsTo, string text, string? value)
    {
        var workspace = await server.NewWorkspace();
        foreach (var (custom, of) in new[] { ("web", "url"), ("money", "integer"), ("share", "number"), ("day", "date") })
            (
                await workspace.Post(
                    "/v1/custom-fields",
                    new
                    {
                        @for = "lead",
                        name = custom,
                        kind = of,
                    }
                )
            ).Status.Should().Be(201);
        var form = await workspace.NewForm(new { name = "Std", fields = Standard.Append(Field(name, kind, mapsTo: mapsTo)).ToArray() });
        var entry = await workspace.Entry(await workspace.SubmitPairs(form, [("email", "ana@silva.example.org"), (name, text)]));
        var lead = await workspace.LeadOf("ana@silva.example.org");
        var at = mapsTo.Split('.');
        (lead[at[0]]?[at[1]]?.ToString()).Should().Be(value);
        Notes(entry).Should().Equal(value is null ? [name + ":value_unreadable"] : []);
    }

    [Theory]
    [InlineData("ana@silva.example.org.")]
    [InlineData("<ana@silva.example.org>")]
    [InlineData("mailto:ana@silva.example.org")]
    [InlineData("ana\uFF20silva.example.org")]
    [InlineData("ana@silva.example.org\u200B")]
    [InlineData("ana@silva.example.org, ana2@silva.example.org")]
    public async Task an_address_in_its_wrapping_is_the_address(string email)
    {
        var (workspace, form) = await Form();
        (await workspace.Submit(form, new { email })).Status.Should().Be(201);
        (await workspace.LeadOf("ana@silva.example.org"))["emails"]![0]!.S("address").Should().Be("ana@silva.example.org");
    }

    [Theory]
    [InlineData("O&#039;Brien Ana", "O'Brien", "Ana")]
    [InlineData("\u202EAna Silva\u202C", "Ana", "Silva")]
    [InlineData("Ana &amp;amp; Silva", "Ana &amp;", "Silva")]
    public async Task a_name_is_what_the_person_wrote(string name, string first, string last)
    {
        var (workspace, form) = await Form();
        await workspace.Submit(form, new { email = "ana@silva.example.org", name });
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (lead.S("firstName"), lead.S("lastName")).Should().Be((first, last));
    }

    // ---- Boxes

    [Theory]
    [InlineData("ok=0&ok=1", true)]
    [InlineData("ok=1&ok=0", true)]
    [InlineData("ok=0", false)]
    [InlineData("ok[]=I+agree", true)]
    [InlineData("ok=Y", true)]
    [InlineData("ok=Sim", true)]
    [InlineData("ok=I+agree+to+the+terms", true)]
    [InlineData("ok=newsletter", true)]
    [InlineData("ok=", false)]
    [InlineData("ok=null", false)]
    [InlineData("ok=undefined", false)]
    [InlineData("ok=No,+thanks", false)]
    [InlineData("ok=I+do+not+agree", false)]
    [InlineData("ok=off", false)]
    [InlineData("", false)]
    public async Task a_consent_is_given_by_whoever_ticked_the_box_and_by_nobody_else(string posted, bool given)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Std",
                fields = Standard
                    .Append(
                        new
                        {
                            name = "ok",
                            kind = "consent",
                            required = true,
                            purpose = "email-marketing",
                        }
                    )
                    .ToArray(),
            }
        );
        var answer = await workspace.PostBody(form, "email=ana%40silva.example.org&" + posted, Urlencoded);
        if (!given)
        {
            (answer.Status, answer.Errors.Single()).Should().Be((422, "ok:required"));
            return;
        }
        answer.Status.Should().Be(201, answer.Text);
        var consent = (await workspace.LeadOf("ana@silva.example.org"))["consent"]!.AsArray().Should().ContainSingle().Subject!;
        consent
            .S("text")
            .Should()
            .Be(
                posted.Contains("agree", StringComparison.Ordinal) ? posted[(posted.IndexOf('=') + 1)..].Replace('+', ' ')
                : posted.Contains("newsletter", StringComparison.Ordinal) ? "newsletter"
                : "ok"
            );
    }

    [Fact]
    public async Task equal_and_empty_copies_of_a_field_are_one_value()
    {
        var (workspace, form) = await Form(Field("topic", "text", mapsTo: "tags"));
        (
            await workspace.PostBody(
                form,
                "email=ana%40silva.example.org&email=ana%40silva.example.org&email=&name=Ana&name=Silva&topic=a&topic=b",
                Urlencoded
            )
        )
            .Status.Should()
            .Be(201);
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (lead.S("firstName"), lead.S("lastName"), string.Join(',', lead["tags"].Texts())).Should().Be(("Ana", "Silva", "a,b"));
    }

    // ---- Names the web uses

    [Fact]
    public async Task the_address_to_reply_to_is_the_email_when_no_other_came()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(new { name = "Std", fields = new[] { Field("name", "text"), Field("email", "email") } });
        await workspace.SubmitPairs(form, [("name", "Ana"), ("_replyto", "ana@silva.example.org")]);
        (await workspace.LeadOf("ana@silva.example.org")).S("firstName").Should().Be("Ana");
        await workspace.SubmitPairs(form, [("email", "bia@silva.example.org"), ("_replyto", "other@silva.example.org")]);
        (await workspace.Get("/v1/leads?email=other@silva.example.org")).Data.Should().BeEmpty();
    }

    [Theory]
    [InlineData("form_fields[email]=ana%40silva.example.org&form_fields[name]=Ana")]
    [InlineData("Email=ana%40silva.example.org&Name=Ana")]
    [InlineData("data[contact][email]=ana%40silva.example.org&data[contact][name]=Ana")]
    public async Task what_a_library_puts_in_front_of_a_name_does_not_hide_it(string body)
    {
        var (workspace, form) = await Form();
        var entry = await workspace.Entry(await workspace.PostBody(form, body, Urlencoded));
        entry["unknownFields"]!.AsArray().Should().BeEmpty();
        (await workspace.LeadOf("ana@silva.example.org")).S("firstName").Should().Be("Ana");
    }

    // ---- Bodies

    [Fact]
    public async Task a_file_of_five_megabytes_costs_nothing_but_itself()
    {
        var (workspace, form) = await Form();
        using var body = new MultipartFormDataContent("b")
        {
            { new ByteArrayContent(new byte[5_000_000]), "photo", "roof.jpg" },
            { new StringContent("Ana Silva"), "name" },
            { new StringContent("ana@silva.example.org"), "email" },
        };
        var entry = await workspace.Entry(await workspace.PostBody(form, body));
        entry["files"]![0]!["size"]!.GetValue<long>().Should().Be(5_000_000);
        Notes(entry).Should().Equal("photo:file_dropped");
        (await workspace.LeadOf("ana@silva.example.org")).S("lastName").Should().Be("Silva");
    }

    [Fact]
    public async Task a_photo_as_text_in_front_of_the_address_is_cut_and_the_lead_is_made()
    {
        var (workspace, form) = await Form();
        var body = $$"""{"photo":"data:image/png;base64,{{new string('A', 400_000)}}","email":"ana@silva.example.org","name":"Ana"}""";
        var entry = await workspace.Entry(await workspace.PostBody(form, body, "application/json"));
        entry["fields"]!.S("photo").Should().HaveLength(32_768);
        Notes(entry).Should().Equal("photo:value_cut");
        await workspace.LeadOf("ana@silva.example.org");
    }

    [Theory]
    [InlineData(Urlencoded, """{"email":"ana@silva.example.org"}""")]
    [InlineData("application/json", """[{"email":"ana@silva.example.org"}]""")]
    [InlineData("application/json", "\"{\\\"email\\\":\\\"ana@silva.example.org\\\"}\"")]
    [InlineData("application/json", """{"fields":[{"name":"email","value":"ana@silva.example.org"}]}""")]
    [InlineData("multipart/form-data", "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nana@silva.example.org\r\n--x--\r\n")]
    [InlineData("text/html", "email=ana%40silva.example.org")]
    [InlineData("application/json", """{"email":"ana@silva.example.org","message":"half a sen""")]
    public async Task a_wrong_label_and_a_broken_end_do_not_cost_the_person(string contentType, string body)
    {
        var (workspace, form) = await Form();
        var entry = await workspace.Entry(await workspace.PostBody(form, body, contentType));
        (entry.S("verdict"), entry.S("lead")).Should().Be(("accepted", (await workspace.LeadOf("ana@silva.example.org")).S("id")));
        if (body.EndsWith("sen", StringComparison.Ordinal))
            (string.Join(' ', Notes(entry)), entry.S("raw"))
                .Should()
                .Be((":value_unreadable", Convert.ToBase64String(Encoding.UTF8.GetBytes(body))));
    }

    [Fact]
    public async Task a_page_in_another_charset_is_read_as_the_form_says()
    {
        var (workspace, form) = await Form();
        var body = "name=%C0%ED%ED%E0+%C8%E2%E0%ED%EE%E2%E0&email=anna%40silva.example.org";
        form = await workspace.Changed(form, new { pageCharset = "windows-1251" });
        var entry = await workspace.Entry(await workspace.PostBody(form, body, Urlencoded));
        Notes(entry).Should().Equal(":charset_guessed");
        (await workspace.LeadOf("anna@silva.example.org")).S("firstName").Should().Be("Анна");
        (await workspace.Patch($"/v1/forms/{form["id"]}", new { pageCharset = "utf-7" })).Errors.Should().Equal("pageCharset:not_a_choice");
    }

    [Fact]
    public async Task a_kept_body_is_read_again_by_the_form_as_it_is_now()
    {
        var (workspace, form) = await Form();
        var refused = await workspace.PostBody(
            form,
            """{"email":"ana@","name":"Ana","phone":"+351912345678","message":"half""",
            "application/json"
        );
        (refused.Status, refused.Code).Should().Be((400, "body_malformed"));
        var entry = await workspace.LastEntry();
        entry["fields"]!.S("name").Should().Be("Ana");
        var approved = await workspace.Post($"/v1/submissions/{entry["id"]}/approve");
        (approved.Status, approved["verdict"]!.ToString()).Should().Be((200, "accepted"));
        (await workspace.Get($"/v1/leads/{approved["lead"]}"))["firstName"]!.ToString().Should().Be("Ana");
    }

    // ---- Browsers

    [Theory]
    [InlineData("null", 201)]
    [InlineData("https://www.silva.example.org", 201)]
    [InlineData("https://silva.example.org", 201)]
    [InlineData("capacitor://localhost", 201)]
    [InlineData("https://evil.example.net", 403)]
    public async Task an_origin_that_says_nothing_or_means_the_same_site_may_post(string origin, int status)
    {
        var (workspace, form) = await Form();
        form = await workspace.Changed(form, new { allowedOrigins = new[] { "https://silva.example.org", "capacitor://localhost" } });
        var answer = await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("Origin", origin));
        answer.Status.Should().Be(status);
        if (status == 201)
            (answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Credentials")).Should().Be((origin, "true"));
        await workspace.Changed(form, new { exactOrigins = true });
        (await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("Origin", "https://www.silva.example.org")))
            .Status.Should()
            .Be(403);
    }

    [Fact]
    public async Task a_form_without_a_method_gets_its_values_back_with_a_button_that_sends()
    {
        var (workspace, form) = await Form();
        var page = await workspace.With("").Get($"/f/{form["key"]}?name=Ana&email=ana%40silva.example.org");
        page.Status.Should().Be(200);
        page.Text.Should().Contain("Nothing has been sent yet").And.Contain("value=\"Ana\"").And.Contain("<form method=\"post\"");
        (await workspace.With("").Get($"/f/{form["key"]}")).Text.Should().NotContain("Nothing has been sent yet");
        (await workspace.Get("/v1/submissions")).Data.Should().BeEmpty();
    }

    [Fact]
    public async Task the_thanks_page_answers_a_post_too()
    {
        var (workspace, form) = await Form();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/forms/{form["key"]}/thanks");
        using var answer = await server.Http.SendAsync(request);
        ((int)answer.StatusCode).Should().Be(200, "curl -L keeps the method");
    }

    [Fact]
    public async Task what_the_form_does_not_know_rides_along_when_the_visitor_sends_again()
    {
        var (workspace, form) = await Form();
        var page = await workspace.SubmitPage(
            form,
            new
            {
                email = "ana@",
                roof = "flat \"one\"",
                colours = new[] { "red", "blue" },
                _page = "https://www.silva.example.org/contact",
            }
        );
        page.Status.Should().Be(422);
        page.Text.Should()
            .Contain("<input type=\"hidden\" name=\"roof\" value=\"flat &quot;one&quot;\">")
            .And.Contain("name=\"colours\" value=\"red\"")
            .And.Contain("name=\"colours\" value=\"blue\"")
            .And.Contain("<a href=\"https://www.silva.example.org/contact\"><bdi>Back to <bdi>www.silva.example.org</bdi></bdi></a>");
    }

    // ---- REST takes what forms take

    [Fact]
    public async Task a_number_of_a_phone_and_tags_in_one_text_are_taken_over_rest_too()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post(
            "/v1/leads",
            new
            {
                firstName = "Ana",
                tags = "a, b",
                phones = new[] { new { number = "+351912345678" } },
            }
        );
        lead.Status.Should().Be(201, lead.Text);
        lead["tags"].Texts().Should().Equal("a", "b");
    }
}
