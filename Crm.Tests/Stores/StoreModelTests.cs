// Random sequences of everything a store can do, beside the model: same answers, same order, same conflicts.

using System.Globalization;
using System.Text;
using Crm.Domain.Stores;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Stores;

/// <summary>
/// A case is a list of numbers that a sequence is read from, so a failing one is shortened by itself. STORE_SEQUENCES and STORE_SEED
/// (two numbers, as a failure prints them) in the environment change how many there are and replay one run.
/// </summary>
public abstract class StoreModelTests(ITestOutputHelper output, int ordinarily) : IAsyncLifetime
{
    static long lastWorkspace;
    IStore store = null!;

    protected abstract Task<IStore> OpenFresh();

    protected virtual bool NumbersInCommit => true;

    public async Task InitializeAsync() => store = await OpenFresh();

    public virtual async Task DisposeAsync() => await store.DisposeAsync();

    [StoreFact]
    public void random_sequences_give_the_answers_of_the_model()
    {
        var sequences = Environment.GetEnvironmentVariable("STORE_SEQUENCES") is { } asked
            ? int.Parse(asked, CultureInfo.InvariantCulture)
            : ordinarily;
        var seed = Environment
            .GetEnvironmentVariable("STORE_SEED")
            ?.Split(',')
            .Select(text => ulong.Parse(text, CultureInfo.InvariantCulture))
            .ToArray()
            ?? [(ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64() | 1];
        output.WriteLine($"{sequences} sequences; STORE_SEED={seed[0]},{seed[1]} replays them.");
        var programs = Gen.Choose(0, int.MaxValue).ArrayOf().ToArbitrary();
        var config = Config
            .QuickThrowOnFailure.WithMaxTest(sequences)
            .WithStartSize(20)
            .WithEndSize(250)
            .WithReplay(seed[0], seed[1])
            .WithParallelRunConfig(new ParallelRunConfig(16));
        Check.One(config, Prop.ForAll(programs, async program => await PlayInTurn(program)));
    }

    /// <summary>FsCheck starts asynchronous sequences without waiting for those before; a store with few connections would refuse
    /// most.</summary>
    readonly SemaphoreSlim atOnce = new(16);

    async Task PlayInTurn(int[] program)
    {
        await atOnce.WaitAsync();
        try
        {
            await Play(program);
        }
        finally
        {
            atOnce.Release();
        }
    }

    async Task Play(int[] program)
    {
        var first = Interlocked.Add(ref lastWorkspace, 2);
        var sides = new[]
        {
            new Side(store.Open(new(first)), 0, NumbersInCommit),
            new Side(store.Open(new(first + 1)), 1, NumbersInCommit),
        };
        var choices = new Choices(program);
        while (!choices.AtEnd)
            await sides[choices.Next(2)].Step(choices);
        foreach (var side in sides)
            await side.CompareAll();
    }

    sealed class Choices(int[] numbers)
    {
        int at;
        public bool AtEnd => at >= numbers.Length;

        public int Next(int below) => at < numbers.Length ? (int)((uint)numbers[at++] % (uint)below) : 0;

        public T One<T>(params T[] of) => of[Next(of.Length)];
    }

    /// <summary>One workspace and its model. The other side has the same ids and keys: what leaks shows.</summary>
    /// <param name="numbering">Whether what is appended has its position when the commit is answered.</param>
    sealed class Side(IWorkspaceStore real, int number, bool numbering)
    {
        static readonly string[] Texts = ["a", "ab", "a%", "A", "é", "b_", "😀", "'", ""];
        static readonly string[] Words = ["ana", "anab", "bob", "é1", "b"];
        static readonly string[] Sortable = ["name", "score", "note", "slug", "custom.t", "custom.n", "fit", "fit.why"];
        static readonly CounterNames[] Counted = [new(["c0", "c1"]), new(["c1", "c2"])];
        readonly StoreModel model = new();
        string trace = $"workspace {number}:";

        static Id Id(int n) => new(((UInt128)(ulong)(n % 3) << 80) | (ulong)n);

        public async Task Step(Choices next)
        {
            switch (next.Next(10))
            {
                case < 5:
                    await Commit(next);
                    break;
                case < 8:
                    await Query(next);
                    break;
                case 8:
                    await Groups(next);
                    break;
                default:
                    await Lookups(next);
                    break;
            }
        }

        async Task Commit(Choices next)
        {
            var changes = new List<Change>();
            var touched = new HashSet<Id>();
            for (var n = 1 + next.Next(3); n > 0; n--)
            {
                var id = Id(next.Next(8));
                if (next.Next(8) == 0)
                    changes.Add(
                        next.Next(2) == 0
                            ? new Change.Increment("c" + next.Next(3), next.Next(5) - 1)
                            : new Change.Count(Counted[next.Next(2)], next.Next(5) - 1)
                    );
                if (next.Next(5) == 0)
                    changes.Add(Annotation(next, Id(next.Next(8))));
                if (!touched.Add(id))
                    continue;
                var stored = model.Rows.GetValueOrDefault(id);
                var version = stored is null || next.Next(12) == 0 ? 1 + next.Next(2) : stored.Version;
                changes.Add(
                    (stored is null, next.Next(8)) switch
                    {
                        (true, > 0) or (false, 0) => new Change.Insert(Make(next, id, 1)),
                        (_, 1) => new Change.Delete(StoreContract.People, id, version),
                        _ => new Change.Replace(Make(next, id, version + 1), version),
                    }
                );
            }
            // Few ids, so that one is taken now and then; some of what was appended goes again.
            var told = new HashSet<Id>();
            for (var n = next.Next(4) - 1; n > 0; n--)
                if (Id(next.Next(40)) is var id && told.Add(id))
                    changes.Insert(
                        next.Next(changes.Count + 1),
                        next.Next(6) == 0 && numbering // What is deleted before it has a position needs none.
                            ? new Change.Delete(StoreContract.Story, id, 1 + next.Next(8) / 7)
                            : new Change.Append(StoreContract.Told(id))
                    );
            var expected = model.Commit(changes);
            trace += $"\n commit {string.Join("; ", changes.Select(Show))}";
            var result = await real.Commit(changes, default);
            result.Conflicts.Should().BeEquivalentTo(expected, trace);
        }

        static string Show(Change change) =>
            change switch
            {
                Change.Insert insert => $"insert {Show(insert.Document)}",
                Change.Replace replace => $"replace {replace.IfVersion} {Show(replace.Document)}",
                Change.Annotate annotate =>
                    $"annotate {annotate.Id} {Encoding.UTF8.GetString(annotate.Members.Span)} {string.Join(",", annotate.Keys.Select(key => $"{key.Field}={StoreModel.Name(key.Value)}"))}",
                Change.Append append => $"append {append.Document.Id}",
                Change.Delete delete => $"delete {delete.Collection.Name} {delete.IfVersion} {delete.Id}",
                _ => change.ToString()!,
            };

        static string Show(Document document) =>
            $"{document.Id} {string.Join(",", document.Keys.Select(key => $"{key.Field}={StoreModel.Name(key.Value)}"))} [{string.Join(' ', document.Words)}] claims {(document.Claims is null ? "all" : string.Join(",", document.Claims))}";

        static Document Make(Choices next, Id id, long version)
        {
            var keys = new List<(string, Key)>();
            void Maybe(string field, Func<Key> value)
            {
                if (next.Next(2) == 0)
                    keys.Add((field, value()));
            }
            Maybe("name", () => Key.Of(next.One(Texts)));
            Maybe("score", () => Key.Of(next.One(-1.5, 0, 1, 2)));
            Maybe("note", () => Key.Of(next.One(Texts)));
            Maybe("custom.t", () => Key.Of(next.One(Texts)));
            Maybe("custom.n", () => next.Next(4) == 0 ? Key.Of(next.One(Texts)) : Key.Of(next.One(0, 1.5, 3)));
            Maybe("slug", () => Key.Of(next.One(Texts)));
            for (var n = next.Next(3); n > 0; n--)
                keys.Add(
                    next.Next(3) switch
                    {
                        0 => ("tags", Key.Of(next.One(Texts))),
                        1 => ("marks", Key.Of(next.Next(3))),
                        _ => ("email", Key.Of(next.One(Texts))),
                    }
                );
            keys = [.. keys.Distinct()];
            // Mostly what follows from the keys; sometimes only some of it, or what is no key.
            List<(string, string)>? claims = null;
            if (next.Next(3) == 0)
            {
                claims =
                [
                    .. keys.Where(key => key.Item1 is "email" or "slug" && next.Next(2) == 0).Select(key => (key.Item1, key.Item2.Text!)),
                ];
                if (next.Next(3) == 0)
                    claims.Add((next.One("email", "slug"), next.One(Texts)));
                claims = [.. claims.Distinct()];
            }
            return new(
                StoreContract.People,
                id,
                version,
                Encoding.UTF8.GetBytes($"{{\"version\":{version},\"n\":{next.Next(1000)}}}"),
                keys,
                [.. Words.Where(_ => next.Next(3) == 0).Select(word => new Word(word, (WordClasses)(1 + next.Next(7))))],
                claims
            );
        }

        static Change.Annotate Annotation(Choices next, Id id)
        {
            var (members, keys) = (new List<string>(), new List<(string, Key)>());
            if (next.Next(2) == 0)
            {
                var value = next.Next(4);
                members.Add($"\"fit\":{(value == 0 ? "null" : value)}");
                if (value > 0)
                    keys.Add(("fit", Key.Of(value)));
                if (value > 0 && next.Next(2) == 0)
                    keys.Add(("fit.why", Key.Of(next.One(Texts))));
            }
            if (next.Next(2) == 0)
            {
                var values = Texts.Where(_ => next.Next(5) == 0).ToList();
                members.Add($"\"segments\":{(values.Count == 0 ? "null" : $"[{values.Count}]")}");
                keys.AddRange(values.Select(value => ("segments", Key.Of(value))));
            }
            return new(StoreContract.People, id, Encoding.UTF8.GetBytes("{" + string.Join(',', members) + "}"), keys);
        }

        static Filter? Filter(Choices next, int depth)
        {
            if (depth == 0 && next.Next(4) == 0)
                return null;
            switch (next.Next(depth < 3 ? 12 : 8))
            {
                case 0:
                    return new Filter.In(
                        next.One("name", "tags", "slug", "custom.t", "segments", "fit.why"),
                        [.. Enumerable.Range(0, next.Next(4)).Select(_ => Key.Of(next.One(Texts)))]
                    );
                case 1:
                    return new Filter.Exists(
                        next.One("name", "tags", "marks", "email", "slug", "note", "custom.n", "custom.none", "fit", "segments")
                    );
                case 2:
                    return new Filter.Ids(Id(next.Next(9)), Id(next.Next(9)));
                case 3:
                    return new Filter.Search(
                        [.. Enumerable.Range(0, next.Next(3)).Select(_ => next.One("ana", "an", "b", "é", "bo", "x"))],
                        next.Next(2) == 0 ? WordClasses.All : (WordClasses)next.Next(8)
                    );
                case 4:
                    return new Filter.Compare(
                        next.One("score", "marks", "custom.n", "fit"),
                        (Comparison)next.Next(6),
                        Key.Of(next.One(-1.5, 0, 1, 1.5))
                    );
                case < 8:
                    return new Filter.Compare(
                        next.One("name", "note", "tags", "email", "slug", "custom.t", "custom.n", "fit.why", "segments"),
                        (Comparison)next.Next(8),
                        Key.Of(next.One(Texts))
                    );
                case 8:
                    return new Filter.Not(Filter(next, depth + 1)!);
                case 9:
                    return new Filter.Or([.. Enumerable.Range(0, next.Next(3)).Select(_ => Filter(next, depth + 1)!)]);
                default:
                    return new Filter.And([.. Enumerable.Range(0, next.Next(4)).Select(_ => Filter(next, depth + 1)!)]);
            }
        }

        async Task Query(Choices next)
        {
            var filter = Filter(next, 0);
            var fields = Sortable.Where(_ => next.Next(4) == 0).Take(3).ToArray();
            if (next.Next(2) == 0)
                Array.Reverse(fields);
            var sort = fields.Select(field => new Sort(field, next.Next(2) == 0)).ToArray();
            var query = new Query(StoreContract.People, filter, sort, next.Next(2) == 0, null, 1 + next.Next(4));
            var expected = model.Query(filter, sort, query.IdDescending);
            var found = new List<Id>();
            for (var pages = 0; pages < 20; pages++)
            {
                using var page = await real.Query(query, default);
                for (var i = 0; i < page.Count; i++)
                {
                    found.Add(page[i].Id);
                    page[i].Json.ToArray().Should().Equal(model.ReadOne(page[i].Id).Json.ToArray(), trace);
                }
                if (page.Next is null)
                    break;
                query = query with { After = page.Next };
            }
            var what =
                $"{trace}\n query {Show(filter)} by {string.Join(", ", sort)}, ids {(query.IdDescending ? "down" : "up")}, {query.Limit} a page";
            found.Should().Equal(expected, what);
            (await real.Count(StoreContract.People, filter, 3, default)).Should().Be(Math.Min(3, expected.Count), what);
        }

        static string Show(Filter? filter) =>
            filter switch
            {
                Filter.And and => $"all({string.Join(", ", and.Terms.Select(Show))})",
                Filter.Or or => $"any({string.Join(", ", or.Terms.Select(Show))})",
                Filter.In any => $"{any.Field} in ({string.Join(", ", any.Values)})",
                Filter.Search search => $"search({string.Join(' ', search.Words)} in {search.Classes})",
                Filter.Not not => $"not({Show(not.Term)})",
                _ => filter?.ToString() ?? "everything",
            };

        async Task Groups(Choices next)
        {
            var filter = Filter(next, 0);
            var by = Sortable.Where(_ => next.Next(3) == 0).ToArray();
            var groups = await real.GroupAndSum(StoreContract.People, filter, by, ["score"], default);
            groups
                .Select(group => $"{string.Join('|', group.Keys.Select(StoreModel.Name))}: {group.Count} {group.Sums[0]}")
                .Order(StringComparer.Ordinal)
                .Should()
                .Equal(model.Groups(filter, by, "score"), $"{trace}\n group {Show(filter)} by {string.Join(", ", by)}");
        }

        async Task Lookups(Choices next)
        {
            var (field, value, id) = (next.One("email", "slug"), next.One(Texts), Id(next.Next(8)));
            (await real.FindByKey(StoreContract.People, field, value, default)).Should().Be(model.Owner(field, value), trace);
            (await real.FindHolders(StoreContract.People, field, value, 3, default)).Should().Equal(model.Holders(field, value, 3), trace);
            (await real.Get(StoreContract.People, id, default))?.Version.Should().Be(model.Rows.GetValueOrDefault(id)?.Version, trace);
            if (!numbering)
                return;
            var after = next.Next(20);
            (await StoreContract.ReadOn(real, after, 1 + next.Next(5)))
                .Should()
                .Equal(model.Story.Where(row => row.Key > after).Select(row => (row.Value, row.Key)), $"{trace}\n read on from {after}");
        }

        public async Task CompareAll()
        {
            using var page = await real.Query(new(StoreContract.People, null, [], false, null, 100), default);
            Enumerable
                .Range(0, page.Count)
                .Select(i => (page[i].Id, page[i].Version, Encoding.UTF8.GetString(page[i].Json.Span)))
                .Should()
                .Equal(
                    model.Read.OrderBy(row => row.Id).Select(row => (row.Id, row.Version, Encoding.UTF8.GetString(row.Json.Span))),
                    trace
                );
            (await real.Counters("", 100, default)).Should().Equal(model.Counters.Select(pair => (pair.Key, pair.Value)), trace);
            while (!numbering && await real.Count(StoreContract.Story, Unnumbered, 1, default) > 0)
                await Task.Delay(20);
            (await StoreContract.ReadOn(real)).Should().Equal(model.Story.Select(row => (row.Value, row.Key)), trace);
        }

        static readonly Filter Unnumbered = new Filter.Not(new Filter.Exists(Collection.PositionKey));
    }
}
