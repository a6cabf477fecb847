// A phone number that several people have: one of them owns it, the others are found by it, and whoever goes hands it on.

using System.Text.Json.Nodes;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Leads;

[Collection(nameof(CrmServer))]
public sealed class SharedPhoneTests(CrmServer server)
{
    const string Number = "+5511912345678";
    static readonly ResourceType Leads = ResourceType.Of<Lead>();

    Installation Product => server.Services.GetRequiredService<Installation>();

    async Task<UnitOfWork> Work(TestWorkspace workspace) =>
        new(Product, await Product.Settings.Workspace(await workspace.StoreKey(Product), default), "test");

    static Lead Person(string name, bool shared) =>
        new()
        {
            FirstName = name,
            Phones =
            [
                new()
                {
                    Number = Number,
                    Primary = true,
                    Shared = shared,
                },
            ],
        };

    /// <summary>An owner of the number and two others who have it too, in the order in which they came.</summary>
    async Task<(TestWorkspace, Lead Owner, Lead Second, Lead Third)> Household()
    {
        var workspace = await server.NewWorkspace();
        var people = new List<Lead>();
        foreach (var (name, shared) in new[] { ("Ana", false), ("Bruno", true), ("Carla", true) })
        {
            var work = await Work(workspace);
            people.Add(work.Insert(Person(name, shared)));
            (await work.Commit(default)).Committed.Should().BeTrue();
        }
        return (workspace, people[0], people[1], people[2]);
    }

    async Task<IReadOnlyList<Id>> Holders(TestWorkspace workspace) =>
        await (await Work(workspace)).Store.FindHolders(Leads.Collection, "phone", Number, 10, default);

    async Task<Id?> Owner(TestWorkspace workspace) =>
        await (await Work(workspace)).Store.FindByKey(Leads.Collection, "phone", Number, default);

    static string Path(Lead lead) => $"/v1/leads/{Leads.Text(lead.Id)}";

    static bool IsShared(JsonNode lead) => lead["phones"]![0]!["shared"]!.GetValue<bool>();

    [Fact]
    public async Task the_others_are_found_by_it_and_a_new_one_hears_whose_it_is()
    {
        var (workspace, owner, second, third) = await Household();
        (await Holders(workspace)).Should().Equal(owner.Id, second.Id, third.Id);
        (await workspace.Get($"/v1/leads?phone={Uri.EscapeDataString(Number)}"))
            .Data.Select(lead => lead!["firstName"]!.ToString())
            .Should()
            .BeEquivalentTo("Ana", "Bruno", "Carla");
        var another = await workspace.Post("/v1/leads", new { firstName = "Davi", phone = Number });
        another.Status.Should().Be(201, another.Text);
        IsShared(another.Json!).Should().BeTrue();
        (await Holders(workspace)).Should().HaveCount(4);
    }

    [Fact]
    public async Task who_is_entered_with_the_number_and_the_name_of_its_one_holder_is_that_person()
    {
        var workspace = await server.NewWorkspace();
        var ana = (await workspace.Post("/v1/leads", new { name = "Ana Silva", phone = Number }))["id"]!.ToString();
        foreach (var again in new object[] { new { name = "A. Silva", phone = Number }, new { company = "Silva Ltda", phone = Number } })
        {
            var taken = await workspace.Post("/v1/leads", again);
            (taken.Status, taken.Code).Should().Be((409, "already_exists"));
            taken.Errors.Should().Equal("phone:taken");
            taken.Text.Should().Contain(ana);
        }
        (await workspace.Post("/v1/leads", new { name = "Bruno Silva", phone = Number })).Status.Should().Be(201);
        (await workspace.Post("/v1/leads", new { name = "A. Silva", phone = Number }))
            .Status.Should()
            .Be(201, "a number that two have says nothing of who it is");
    }

    [Fact]
    public async Task a_number_written_to_a_lead_by_hand_is_kept_and_marked_when_another_has_it()
    {
        var (workspace, owner, _, _) = await Household();
        var davi = (await workspace.Post("/v1/leads", new { firstName = "Davi" })).Json!;
        var patched = await workspace.Patch($"/v1/leads/{davi["id"]}", new { phone = Number });
        patched.Status.Should().Be(200, patched.Text);
        IsShared(patched.Json!).Should().BeTrue();
        (await Owner(workspace)).Should().Be(owner.Id);
    }

    [Fact]
    public async Task twenty_who_are_entered_at_once_with_one_number_all_have_it_and_one_owns_it()
    {
        var workspace = await server.NewWorkspace();
        string[] names =
        [
            "Ana",
            "Bruno",
            "Carla",
            "Davi",
            "Eva",
            "Felipe",
            "Gabi",
            "Hugo",
            "Iris",
            "Jonas",
            "Kaua",
            "Lia",
            "Maria",
            "Nuno",
        ];
        var made = await Task.WhenAll(names.Select(name => workspace.Post("/v1/leads", new { firstName = name, phone = Number })));
        made.Should().OnlyContain(m => m.Status == 201);
        made.Count(m => !IsShared(m.Json!)).Should().Be(1);
        (await workspace.Get($"/v1/leads?phone={Uri.EscapeDataString(Number)}&limit=50")).Data.Should().HaveCount(names.Length);
    }

    [Fact]
    public void a_dummy_is_found_and_never_claimed()
    {
        var dummy = new Lead
        {
            Id = Product.Ids.Next(),
            Version = 1,
            FirstName = "Ana",
            Phones = [new() { Number = "+5511999999999", Primary = true }],
        };
        var stored = Leads.ToDocument(dummy);
        stored.Claimed.Should().BeEmpty("what was stored before there were dummies gives them up when it is keyed anew");
        stored.Keys.Should().Contain(("phone", Key.Of("+5511999999999")));
        Leads.Sharable(dummy).Should().BeEmpty("nobody hands it on");
    }

    [Fact]
    public async Task who_is_deleted_hands_it_to_the_oldest_other()
    {
        var (workspace, owner, second, third) = await Household();
        (await workspace.Delete(Path(owner))).Status.Should().Be(204);
        (await Owner(workspace)).Should().Be(second.Id);
        (await Holders(workspace)).Should().Equal(second.Id, third.Id);
        var heir = (await workspace.Get(Path(second))).Json!;
        IsShared(heir).Should().BeFalse();
        heir["version"]!.GetValue<int>().Should().Be(2);
        IsShared((await workspace.Get(Path(third))).Json!).Should().BeTrue();
        // When the last one goes, it is free.
        (await workspace.Delete(Path(second))).Status.Should().Be(204);
        (await workspace.Delete(Path(third))).Status.Should().Be(204);
        (await workspace.Post("/v1/leads", new { firstName = "Davi", phone = Number })).Status.Should().Be(201);
    }

    [Fact]
    public async Task who_drops_it_by_a_patch_hands_it_on()
    {
        var (workspace, owner, second, third) = await Household();
        var patched = await workspace.Patch(Path(owner), new { phone = "+5511987654321" });
        patched.Status.Should().Be(200, patched.Text);
        (await Owner(workspace)).Should().Be(second.Id);
        (await Holders(workspace)).Should().Equal(second.Id, third.Id);
    }

    [Fact]
    public async Task who_is_merged_away_hands_it_to_the_oldest_other()
    {
        var (workspace, owner, second, third) = await Household();
        var merged = await workspace.Post($"{Path(second)}/merge", new { lead = Leads.Text(owner.Id) });
        merged.Status.Should().Be(200, merged.Text);
        (await Holders(workspace)).Should().Equal(second.Id, third.Id);
        IsShared((await workspace.Get(Path(second))).Json!).Should().BeFalse("it is the oldest, though the same commit changed it anyway");
        merged = await workspace.Post($"{Path(third)}/merge", new { lead = Leads.Text(second.Id) });
        merged.Status.Should().Be(200, merged.Text);
        (await Holders(workspace)).Should().Equal(third.Id);
        (await Owner(workspace)).Should().Be(third.Id);
    }

    [Fact]
    public async Task one_commit_may_remove_the_owner_and_the_next_and_change_the_third()
    {
        var (workspace, owner, second, third) = await Household();
        var work = await Work(workspace);
        work.Delete(owner);
        work.Delete(second);
        work.Replace(third, third with { LastName = "Silva" });
        (await work.Commit(default)).Conflicts.Should().BeEmpty();
        (await Owner(workspace)).Should().Be(third.Id);
        var left = (await workspace.Get(Path(third))).Json!;
        (IsShared(left), left["lastName"]!.ToString(), left["version"]!.GetValue<int>()).Should().Be((false, "Silva", 2));
        work = await Work(workspace);
        work.Insert(Person("Davi", shared: false));
        (await work.Commit(default)).Conflicts.Should().ContainSingle().Which.Owner.Should().Be(third.Id);
    }

    [Fact]
    public async Task a_caller_who_sends_the_list_back_keeps_what_the_product_said_of_a_number_and_cannot_say_it_himself()
    {
        var (workspace, owner, second, _) = await Household();
        var read = (await workspace.Get(Path(second))).Json!;
        IsShared(read).Should().BeTrue();
        foreach (
            var phones in new object[]
            {
                read["phones"]!,
                new[] { new { number = "+55 11 91234-5678", kind = "work" } },
                new object[] { new { number = "+5511987654321" }, new { number = Number, shared = true } },
            }
        )
        {
            var patched = await workspace.Patch(Path(second), new { phones });
            patched.Status.Should().Be(200, patched.Text);
            patched.Json!["phones"]!.AsArray().Single(p => p!["number"]!.ToString() == Number)!["shared"]!
                .GetValue<bool>()
                .Should()
                .BeTrue();
        }
        var shortForm = await workspace.Patch(Path(second), new { phone = Number });
        shortForm.Status.Should().Be(200, shortForm.Text);
        (await Owner(workspace)).Should().Be(owner.Id);
        foreach (var (path, shared) in new[] { (Path(second), false), (Path(owner), true) })
        {
            var refused = await workspace.Patch(path, new { phones = new[] { new { number = Number, shared } } });
            refused.Status.Should().Be(422, refused.Text);
            refused.Text.Should().Contain("phones.0.shared").And.Contain("read_only");
        }
        (await workspace.Post("/v1/leads", new { phones = new[] { new { number = "+5511900000000", shared = true } } }))
            .Status.Should()
            .Be(422);
    }

    [Fact]
    public void what_is_claimed_follows_from_the_stored_json()
    {
        var stored = Leads.ToDocument(Person("Bruno", shared: true) with { Id = Product.Ids.Next(), Version = 1, ExternalId = "x1" });
        var again = Leads.Rekey(stored.Id, 1, stored.Json);
        again.Claimed.Should().Equal(stored.Claimed).And.Equal(("externalId", "x1"));
        again.Keys.Should().Contain(("phone", Key.Of(Number)));
        Leads.ToDocument(Person("Ana", shared: false) with { Id = stored.Id, Version = 1 }).Claimed.Should().Equal(("phone", Number));
    }

    [Fact]
    public void search_words_carry_the_class_of_their_field()
    {
        var lead = new Lead
        {
            Id = Product.Ids.Next(),
            Version = 1,
            FirstName = "Ana",
            Company = "Silva",
            Emails = [new() { Address = "ana@gmail.example.org", Primary = true }],
            Phones = [new() { Number = Number, Primary = true }],
            Address = new() { City = "Recife" },
        };
        Leads
            .ToDocument(lead)
            .Words.Should()
            .BeEquivalentTo(
                new Word[]
                {
                    new("ana", WordClasses.Open | WordClasses.Contact),
                    "silva",
                    new("gmail", WordClasses.Contact),
                    new("example", WordClasses.Contact),
                    new("org", WordClasses.Contact),
                    new("5511912345678", WordClasses.Contact),
                    // From its end, for those who know its last digits.
                    new("ə8765432191155", WordClasses.Contact),
                    "recife",
                }
            );
        // What a field's trait says goes before what kind of field it is, and a change of it gives the rows new words.
        ResourceType
            .Of<Patient>()
            .ToDocument(
                new Patient
                {
                    Id = lead.Id,
                    Version = 1,
                    Name = "Ana",
                    Illness = "Flu",
                    Home = new() { Street = "Rua 1" },
                }
            )
            .Words.Should()
            .BeEquivalentTo(
                new Word[] { "ana", new("flu", WordClasses.Sensitive), new("rua", WordClasses.Contact), new("1", WordClasses.Contact) }
            );
        ResourceType.Of<Patient>().Collection.WordsFrom.Should().Contain("illness Sensitive").And.Contain("home.street Contact");
    }

    [Resource("patient", "patients", "pat", "Somebody in a hospital.")]
    sealed record Patient : Resource
    {
        [Field("Full name.", Is = Is.Searchable | Is.Personal)]
        public string? Name { get; init; }

        [Field("What is wrong.", Is = Is.Searchable | Is.Sensitive)]
        public string? Illness { get; init; }

        [Field("Where the person lives.", Is = Is.Personal)]
        public PatientHome? Home { get; init; }
    }

    sealed record PatientHome
    {
        [Field("Street.", Is = Is.Searchable | Is.Personal)]
        public string? Street { get; init; }
    }
}
