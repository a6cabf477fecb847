// Every list and number that the desk can ask for comes from an index of the embedded store, and costs what it costs beside four times as
// many leads.

using Crm.Api.Rest;
using Crm.Api.Startup;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Tests.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Pages;

public sealed class DeskQueriesTests(ITestOutputHelper output)
{
    /// <summary>Bounds that take a million leads to be felt are low here: <see cref="Candidates"/> rows are many, and counting ends
    /// there.</summary>
    const int Few = 2_000,
        Many = 4 * Few,
        Candidates = 100,
        Page = 25;

    static readonly string[] Statuses = ["", "status=new", "status[in]=new,working", "status=converted"],
        Owners = ["", "owner[exists]=false", "owner=MEMBER", "owner=OTHER"],
        Forms = ["", "source.form=FORM"],
        Channels = ["", "source.channel=email", "source.channel=audio"],
        Tags = ["", "tags=fair", "tags=import", "tags=unknown"],
        Words = ["", "q=silva", "q=nobodyiscalledso", "q=%2B49 30 00001234", "q=01234"],
        Sorts = ["", "sort=createdAt", "sort=lastName", "sort=-lastName", "sort=-score", "sort=score"];

    static readonly string[] Entries =
    [
        "tray[in]=held,refused,unread",
        "tray=held",
        "tray=refused",
        "tray=unread",
        "tray=spam",
        "lead=LEAD",
    ];

    /// <param name="Steps">Of SQLite's machine.</param>
    /// <param name="Scanned">Rows met without an index.</param>
    sealed record Cost(int Rows, long Steps, long Scanned);

    [Fact]
    public async Task every_request_of_the_desk_is_served_by_an_index_however_much_is_stored()
    {
        await using var crm = await TempInstallation.Open(Candidates);
        var settings = await crm.Settings();
        var ids = new Dictionary<string, string>
        {
            ["MEMBER"] = "member_01h455vb4pex5vsknk084sn02q",
            ["OTHER"] = "member_01h455vb4pex5vsknk084sn02r",
            ["FORM"] = "form_01h455vb4pex5vsknk084sn02q",
        };
        await Fill(crm.Installation, settings, ids, 0, Few);
        var before = await Ask(few: true);
        await Fill(crm.Installation, settings, ids, Few, Many);
        var after = await Ask(few: false);

        after.Where(one => one.Value.Scanned > 0).Should().BeEmpty("no row is stepped over without an index");
        // One list costs what it costs. Lists that are longer than Candidates are not told apart, so that of several one that is not the
        // shortest may be walked, and in another order one is met on the way: the more others there are, the farther apart.
        bool IsOfOneList(KeyValuePair<string, Cost> one) =>
            one.Key.Split('&').Count(part => !part.StartsWith("sort=", StringComparison.Ordinal)) <= 1
            && !(one.Key.Contains("tags=import") && one.Key.Contains("sort="));
        after.Where(one => IsOfOneList(one) && one.Value.Steps > before[one.Key].Steps * 2 + 20_000).Should().BeEmpty();
        after.Where(one => one.Value.Steps > 200 * Many).Should().BeEmpty("some lookups for each row of a list are the most");

        async Task<Dictionary<string, Cost>> Ask(bool few)
        {
            var costs = new Dictionary<string, Cost>();
            var cost = new Cost(0, 0, 0);
            crm.Sqlite.Watch = run => cost = cost with { Steps = cost.Steps + run.Steps, Scanned = cost.Scanned + run.Scanned };
            var leads =
                from status in Statuses
                from owner in Owners
                from form in Forms
                from channel in Channels
                from tag in Tags
                select new[] { status, owner, form, channel, tag };
            foreach (var filters in leads)
            {
                // With words and orders not all of them, or there would be ten thousand.
                var set = filters.Count(filter => filter != "");
                foreach (var words in set <= 1 ? Words : [""])
                foreach (var sort in set <= 2 && words is "" or "q=silva" ? Sorts : [""])
                    await One<Lead>(string.Join('&', filters.Append(words).Append(sort).Where(part => part != "")));
            }
            foreach (var entries in Entries)
                await One<Submission>(entries);
            crm.Sqlite.Watch = null;
            var dear = costs.OrderByDescending(one => one.Value.Steps).Take(5);
            output.WriteLine($"{(few ? Few : Many)} leads, {costs.Count} requests, the dearest: {string.Join("; ", dear)}");
            return costs;

            async Task One<T>(string asked)
                where T : Resource
            {
                cost = new(0, 0, 0);
                var query = ListQuery
                    .Read(
                        new QueryCollection(
                            QueryHelpers.ParseQuery(ids.Aggregate(asked, (text, id) => text.Replace(id.Key, id.Value)) + $"&limit={Page}")
                        ),
                        ResourceType.Of<T>(),
                        settings,
                        Rights.Everything,
                        crm.Installation.Seal(Cursor.Purpose)
                    )
                    .Query;
                var store = crm.Sqlite.Open(FirstStart.Default);
                var rows = 0;
                using (var page = await store.Query(query, default))
                    rows = page.Count;
                if (!asked.Contains("sort=", StringComparison.Ordinal))
                    await store.Count(query.Collection, query.Filter, Candidates, default);
                costs[asked] = cost with { Rows = rows };
            }
        }
    }

    /// <summary>Every tenth entry was put away, every hundredth waits; a tag of the oldest, an owner without new ones.</summary>
    static async Task Fill(Installation installation, WorkspaceSettings settings, Dictionary<string, string> ids, int from, int to)
    {
        string[] first = ["Ana", "Bruno", "Carla", "Diego", "Elisa"],
            last = ["Silva", "Souza", "Costa", "Lima"],
            channels = ["direct", "organic-search", "email"];
        LeadStatus[] statuses = [LeadStatus.New, LeadStatus.New, LeadStatus.Working, LeadStatus.Qualified];
        var (member, other) = (Read(ids["MEMBER"]), Read(ids["OTHER"]));
        Id.TryParse<Form>(ids["FORM"], out var form);
        for (var n = from; n < to; )
        {
            var work = new UnitOfWork(installation, settings, "system");
            for (var end = Math.Min(to, n + 1000); n < end; n++)
            {
                var lead = work.Insert(
                    new Lead
                    {
                        FirstName = first[n % 5],
                        LastName = last[n / 5 % 4],
                        Status = statuses[n % 4],
                        Score = n * 37 % 100,
                        Emails = [new() { Address = $"person.{n}@silva.example.org", Primary = true }],
                        Phones = [new() { Number = $"+4930{n:D8}", Primary = true }],
                        Owner =
                            n % 3 == 0 ? null
                            : n % 4 == 3 ? member
                            : other,
                        Tags = [.. n % 9 == 0 ? ["fair"] : (string[])[], .. n < 300 ? ["import"] : (string[])[]],
                        Source = new() { Form = form, Credit = new(null, null, null, channels[n % 3]) },
                    },
                    null
                );
                ids["LEAD"] = lead.Id.Text<Lead>();
                if (n % 10 == 0)
                    work.Insert(
                        new Submission
                        {
                            Form = form,
                            Lead = n % 20 == 0 ? lead.Id : null,
                            Verdict =
                                n % 20 == 0 ? Verdict.Accepted
                                : n % 100 == 50 ? Verdict.Quarantined
                                : Verdict.Rejected,
                            Reason = n % 20 != 0 && n % 100 != 50 ? Submission.SpamReason : null,
                        },
                        null
                    );
            }
            await Commit(work);
        }
        // Behind another commit the search index knows the last one too.
        var behind = new UnitOfWork(installation, settings, "system");
        behind.Insert(new Submission { Form = form, Verdict = Verdict.Accepted }, null);
        await Commit(behind);

        async Task Commit(UnitOfWork work) => (await settings.Store.Commit([.. work.Changes], default)).Committed.Should().BeTrue();

        static Id Read(string member) => Id.TryParse<Domain.Workspaces.Member>(member, out var id) ? id : throw new FormatException();
    }
}
