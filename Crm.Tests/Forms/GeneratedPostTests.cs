// Posts in the shapes of form tools and in the encodings of pages: every one that carries a person makes a lead that can be found.

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Domain.Text;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Forms;

[Collection(nameof(CrmServer))]
public sealed class GeneratedPostTests(CrmServer server, ITestOutputHelper output)
{
    static readonly int Posts = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 2_000 : 100;

    sealed record Person(string Name, string Email, string Phone, string Company, string Message)
    {
        public (string Name, string Value)[] Pairs =>
            [("name", Name), ("email", Email), ("phone", Phone), ("company", Company), ("message", Message)];
    }

    /// <summary>A charset, names that can be written in it, and whether the page's label says it.</summary>
    static readonly (string Charset, string[] First, string[] Last)[] Pages =
    [
        ("utf-8", ["Ana", "João", "Łukasz", "Анна", "小明", "Zoë"], ["Silva", "Müller", "Дворжак", "García", "O'Neill"]),
        ("windows-1252", ["João", "Zoë", "Søren"], ["Müller", "García", "Ångström"]),
        ("iso-8859-1", ["José", "Chloë"], ["Nuñez", "Großmann"]),
        ("iso-8859-15", ["Noël", "Anaïs"], ["Lefèvre", "Cœur"]),
        ("windows-1250", ["Łukasz", "Jiří"], ["Dvořák", "Žižka"]),
        ("iso-8859-2", ["Łukasz", "Béla"], ["Kovács", "Šimek"]),
        ("windows-1251", ["Анна", "Пётр"], ["Иванова", "Достоевский"]),
        ("koi8-r", ["Анна", "Олег"], ["Иванова", "Чехов"]),
        ("windows-1254", ["Ayşe", "İbrahim"], ["Yılmaz", "Öztürk"]),
        ("iso-8859-7", ["Άννα", "Γιώργος"], ["Παπά", "Νικολάου"]),
        ("shift_jis", ["太郎", "花子"], ["山田", "鈴木"]),
        ("gb18030", ["小明", "丽华"], ["王", "欧阳"]),
        ("euc-kr", ["철수", "영희"], ["김", "박"]),
    ];

    sealed record Shape(
        string Name,
        bool TakesAnyCharset,
        Func<Person, string, Func<string, byte[]>, Random, (string? Type, byte[] Body)> Make
    );

    static byte[] A(string text) => Encoding.ASCII.GetBytes(text);

    static string Escaped(byte[] bytes) =>
        string.Concat(
            bytes.Select(b =>
                char.IsAsciiLetterOrDigit((char)b) ? ((char)b).ToString()
                : b == ' ' ? "+"
                : $"%{b:X2}"
            )
        );

    static byte[] Pairs(IEnumerable<(string, string)> pairs, Func<string, byte[]> encode) =>
        A(string.Join('&', pairs.Select(p => $"{Escaped(encode(p.Item1))}={Escaped(encode(p.Item2))}")));

    static byte[] Multipart(IEnumerable<(string Name, string Value)> pairs, Func<string, byte[]> encode, byte[] extra) =>
        [
            .. extra,
            .. pairs.SelectMany(p =>
                (byte[])[.. A($"--fB0und\r\nContent-Disposition: form-data; name=\"{p.Name}\"\r\n\r\n"), .. encode(p.Value), .. A("\r\n")]
            ),
            .. A("--fB0und--\r\n"),
        ];

    const string Form = "application/x-www-form-urlencoded",
        Parts = "multipart/form-data; boundary=fB0und",
        Json = "application/json";

    static byte[] J(object value) => JsonSerializer.SerializeToUtf8Bytes(value);

    static object O(Person p) => p.Pairs.ToDictionary(x => x.Name, x => x.Value);

    static object List(Person p) => p.Pairs.Select(x => new { name = x.Name, value = x.Value });

    static readonly Shape[] Shapes =
    [
        new("browser", true, (p, _, e, _) => (Form, Pairs(p.Pairs, e))),
        new("browser that says its charset", true, (p, c, e, _) => ($"{Form}; charset={c}", Pairs(p.Pairs, e))),
        new("page with _charset_", true, (p, c, e, _) => (Form, Pairs(p.Pairs.Append(("_charset_", c)), e))),
        new("Elementor", true, (p, _, e, _) =>
            (Form, Pairs(p.Pairs.Select(x => ($"form_fields[{x.Name}]", x.Value)).Prepend(("post_id", "7")), e))
        ),
        new("Contact Form 7", true, (p, _, e, _) => (Parts, Multipart(p.Pairs.Prepend(("_wpcf7", "12")), e, []))),
        new("Netlify", true, (p, _, e, _) => (Form, Pairs(p.Pairs.Prepend(("form-name", "contact")), e))),
        new("Formspree", true, (p, _, e, _) => (Form, Pairs(p.Pairs.Select(x => (x.Name == "email" ? "_replyto" : x.Name, x.Value)), e))),
        new("page with a photo", true, (p, _, e, r) =>
            (
                Parts,
                Multipart(
                    p.Pairs,
                    e,
                    [
                        .. A(
                            "--fB0und\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
                        ),
                        .. RandomBytes(r, 200_000),
                        .. A("\r\n"),
                    ]
                )
            )
        ),
        new("Rails", true, (p, _, e, _) => (Form, Pairs([("utf8", "x"), ("agree", "0"), ("agree", "1"), .. p.Pairs], e))),
        new("capital letters", true, (p, _, e, _) =>
            (Form, Pairs(p.Pairs.Select(x => (char.ToUpperInvariant(x.Name[0]) + x.Name[1..], x.Value)), e))
        ),
        new("many fields", true, (p, _, e, _) => (Form, Pairs(Enumerable.Range(0, 260).Select(i => ($"q{i}", "1")).Concat(p.Pairs), e))),
        new("field twice", true, (p, _, e, _) => (Form, Pairs([.. p.Pairs, ("email", p.Email), ("name", p.Name), ("company", "")], e))),
        new("multipart without its boundary", true, (p, _, e, _) => ("multipart/form-data", Multipart(p.Pairs, e, []))),
        new("fetch with JSON", false, (p, _, _, _) => (Json, J(O(p)))),
        new("Webflow", false, (p, _, _, _) => (Json, J(new { triggerType = "form_submission", data = O(p) }))),
        new("HubSpot", false, (p, _, _, _) => (Json, J(new { fields = List(p), context = new { pageName = "Contact" } }))),
        new("jQuery serializeArray", false, (p, _, _, _) => (Json, J(List(p)))),
        new("PHP curl", false, (p, _, _, _) => (Form, J(O(p)))),
        new("list with one", false, (p, _, _, _) => (Json, J(new[] { O(p) }))),
        new("JSON in JSON", false, (p, _, _, _) => (Json, J(JsonSerializer.Serialize(O(p))))),
        new("sendBeacon", false, (p, _, _, _) => ("text/plain;charset=UTF-8", J(O(p)))),
        new("no label at all", true, (p, _, e, _) => (null, Pairs(p.Pairs, e))),
        new("photo as text", false, (p, _, _, _) => (Json, J(new { photo = new string('A', 300_000), data = O(p) }))),
    ];

    static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    [Fact]
    public async Task every_post_that_carries_a_person_makes_a_lead_that_is_found_by_email_phone_and_name()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var workspace = await server.NewWorkspace();
        var forms = new Dictionary<string, JsonNode>();
        foreach (var (charset, _, _) in Pages)
            forms[charset] = await workspace.NewForm(
                new
                {
                    name = charset,
                    pageCharset = charset,
                    fields = new object[]
                    {
                        new
                        {
                            name = "name",
                            kind = "text",
                            mapsTo = "name",
                        },
                        new
                        {
                            name = "email",
                            kind = "email",
                            mapsTo = "email",
                        },
                        new
                        {
                            name = "phone",
                            kind = "phone",
                            mapsTo = "phone",
                        },
                        new
                        {
                            name = "company",
                            kind = "text",
                            mapsTo = "company",
                        },
                        new
                        {
                            name = "message",
                            kind = "longText",
                            mapsTo = "message",
                        },
                    },
                }
            );

        for (var i = 0; i < Posts; i++)
        {
            var shape = Shapes[i % Shapes.Length];
            var (charset, first, last) = shape.TakesAnyCharset ? Pages[random.Next(Pages.Length)] : Pages[0];
            string Any(string[] of) => of[random.Next(of.Length)];
            var person = new Person(
                $"{Any(first)} {Any(last)}",
                $"p{i}.{random.Next(1_000_000)}@silva.example.org",
                $"+351 91{random.Next(10)} {random.Next(1_000):000} {i % 1_000:000}",
                Any(last) + " & Co",
                $"{Any(first)}: {string.Join(' ', Enumerable.Range(0, random.Next(1, 40)).Select(_ => Any(last)))}"
            );
            Charset.TryFind(charset, out var found).Should().BeTrue();
            var page = charset == "utf-8" ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(found.Name)!;
            var (type, body) = shape.Make(person, charset, page.GetBytes, random);

            var answer = await workspace.PostBody(forms[charset], FormPosts.Body(body, type));

            var what = $"seed {seed}, post {i}: {shape.Name} in {charset}: {person.Name}";
            answer.Status.Should().Be(201, $"{what}: {answer.Text}");
            var leads = (await workspace.Get($"/v1/leads?email={person.Email}")).Data;
            leads.Should().ContainSingle(what);
            var lead = leads[0]!;
            var id = lead.S("id");
            string.Join(' ', new[] { lead.S("firstName"), lead.S("lastName") }.Order(StringComparer.Ordinal))
                .Should()
                .Be(string.Join(' ', person.Name.Split(' ').Order(StringComparer.Ordinal)), what);
            (lead.S("company"), lead.S("message")).Should().Be((person.Company, person.Message), what);
            (await workspace.Get($"/v1/leads?phone={Uri.EscapeDataString(person.Phone.Replace(" ", "", StringComparison.Ordinal))}"))
                .Data.Select(l => l!.S("id"))
                .Should()
                .Contain(id, what);
            (await workspace.Get($"/v1/leads?q={Uri.EscapeDataString(person.Name)}&limit=200"))
                .Data.Select(l => l!.S("id"))
                .Should()
                .Contain(id, what);
        }
    }
}
