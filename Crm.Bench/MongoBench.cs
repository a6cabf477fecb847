// What the MongoDB store costs on this side: managed time for a document, and how often it goes to the server. No timing of a server.

using System.Text;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Storage.Mongo;

namespace Crm.Bench;

/// <summary>Arguments: the connection string of a MongoDB, for the round trips; without it only the managed cost is measured.</summary>
public static class MongoBench
{
    const double Goal = 5;

    static readonly Collection Leads = new(
        "leads",
        [
            new("status", KeyKind.Text, Indexed: true),
            new("score", KeyKind.Number, Indexed: true),
            new("lastName", KeyKind.Text, Indexed: true),
            new("company", KeyKind.Text, Indexed: true),
            new("source.form", KeyKind.Text, Indexed: true),
            new("email", KeyKind.Text, Many: true, Unique: KeyUnique.InWorkspace),
            new("phone", KeyKind.Text, Many: true, Unique: KeyUnique.InWorkspace),
        ],
        Searchable: true
    );

    static readonly Collection Submissions = new(
        "submissions",
        [new("form", KeyKind.Text, Indexed: true), new("key", KeyKind.Text, Unique: KeyUnique.InWorkspace)],
        Searchable: false
    );
    static readonly Collection Events = new("events", [new("subject", KeyKind.Text, Indexed: true)], Searchable: false);
    static readonly IdGenerator Ids = new(TimeProvider.System);
    static readonly byte[] Json = Encoding.UTF8.GetBytes("{\"company\":\"" + new string('x', 1010) + "\"}");

    public static async Task<int> Run(string[] args)
    {
        var (writing, reading) = MongoCost.PerDocument(Enumerable.Range(0, 1000).Select(Lead).ToArray(), TimeSpan.FromSeconds(2));
        Console.WriteLine(
            $"managed cost of a lead of 1 KB with 7 keys and 6 words: {writing:N2} us to BSON, {reading:N2} us from BSON; goal below {Goal} us each: {(writing < Goal && reading < Goal ? "reached" : "NOT reached")}"
        );
        if (args.Length > 0)
            await RoundTrips(args[0]);
        return writing < Goal && reading < Goal ? 0 : 1;
    }

    static async Task RoundTrips(string uri)
    {
        await using var store = new MongoStore(new() { Uri = uri, CountCommands = true }, TimeProvider.System);
        await store.Start([Leads, Submissions, Events], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        var workspace = store.Open(new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
        await workspace.Commit(Post(0), default);
        await Count("a captured lead alone (lead, submission, 1 event, 3 unique keys, 1 counter)", 1, async () =>
            await workspace.Commit(Post(1), default)
        );
        const int callers = 64;
        await Count($"captured leads, {callers} at once", callers, () =>
            Task.WhenAll(Enumerable.Range(2, callers).Select(i => Task.Run(async () => await workspace.Commit(Post(i), default))))
        );
        await Count("first page of a list", 1, async () =>
            (await workspace.Query(new(Leads, null, [new("lastName", false)], false, null, 20), default)).Dispose()
        );
        Position? next;
        using (var page = await workspace.Query(new(Leads, null, [new("lastName", false)], false, null, 20), default))
            next = page.Next;
        await Count("a later page of a list", 1, async () =>
            (
                await workspace.Query(
                    new(Leads, new Filter.Compare("status", Comparison.Eq, Key.Of("new")), [new("lastName", false)], false, next, 20),
                    default
                )
            ).Dispose()
        );
        await Count("a lead by its e-mail address", 1, async () => await workspace.FindByKey(Leads, "email", "p1@x.example.org", default));
    }

    static async Task Count(string what, int of, Func<Task> act)
    {
        var before = MongoStore.Commands;
        await act();
        Console.WriteLine(
            $"  {what}: {MongoStore.Commands - before} round trips{(of > 1 ? $", {(MongoStore.Commands - before) / (double)of:N2} each" : "")}"
        );
    }

    static Document Lead(int n) =>
        new(
            Leads,
            Ids.Next(),
            1,
            Json,
            [
                ("status", Key.Of("new")),
                ("score", Key.Of(n % 100)),
                ("lastName", Key.Of("name" + n % 500)),
                ("company", Key.Of("company" + n)),
                ("source.form", Key.Of("form_1")),
                ("email", Key.Of($"p{n}@x.example.org")),
                ("phone", Key.Of("+5511" + n)),
            ],
            ["first" + n % 70, "name" + n % 500, "company", "p" + n, "example", "org"]
        );

    static Change[] Post(int n)
    {
        var lead = Lead(n);
        return
        [
            new Change.Insert(lead),
            new Change.Insert(new(Submissions, Ids.Next(), 1, Json, [("form", Key.Of("form_1")), ("key", Key.Of("key" + n))], [])),
            new Change.Insert(new(Events, Ids.Next(), 1, Json, [("subject", Key.Of(lead.Id.Text<Lead>()))], [])),
            new Change.Increment("leads", 1),
        ];
    }
}
