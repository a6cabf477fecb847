// What every store promises about filters, orders, pages, groups and search.

using System.Text;
using Crm.Domain.Stores;
using Xunit;

namespace Crm.Tests.Stores;

public abstract partial class StoreContract
{
    static readonly string[] Awkward =
    [
        "%",
        "_",
        "'",
        "\"",
        "\\",
        "$",
        ".",
        "$.x",
        "a%b",
        "a_b",
        "it's",
        "\"q\"",
        "\\'",
        "--",
        ";",
        "\u0001",
        "\u0002\u0003",
        "é",
        "e\u0301",
        "É",
        "😀",
        "ß",
        "SS",
        "ss",
        " ",
        "",
        "*",
        "?1",
        "null",
        "0",
    ];

    [StoreTheory]
    [InlineData("name")]
    [InlineData("note")]
    [InlineData("tags")]
    [InlineData("email")]
    [InlineData("slug")]
    [InlineData("custom.text")]
    public async Task every_character_is_taken_literally(string field)
    {
        var ids = new Dictionary<string, Id>();
        foreach (var text in Awkward)
            ids[text] = await Added(Mine, (field, Key.Of(text)));
        byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
        foreach (var text in Awkward)
        {
            (await Found(Mine, Is(field, Comparison.Eq, text))).Should().Equal(ids[text]);
            (await Found(Mine, new Filter.In(field, [Key.Of(text), Key.Of("not there")]))).Should().Equal(ids[text]);
            await Expect(Is(field, Comparison.Ne, text), other => other != text);
            await Expect(Is(field, Comparison.Contains, text), other => Bytes(other).AsSpan().IndexOf(Bytes(text)) >= 0);
            await Expect(Is(field, Comparison.StartsWith, text), other => Bytes(other).AsSpan().StartsWith(Bytes(text)));
            await Expect(Is(field, Comparison.Gt, text), other => Bytes(other).AsSpan().SequenceCompareTo(Bytes(text)) > 0);
            await Expect(Is(field, Comparison.Lte, text), other => Bytes(other).AsSpan().SequenceCompareTo(Bytes(text)) <= 0);
        }

        async Task Expect(Filter filter, Func<string, bool> matches) =>
            (await Found(Mine, filter))
                .Should()
                .BeEquivalentTo(ids.Where(pair => matches(pair.Key)).Select(pair => pair.Value), filter.ToString());
    }

    [StoreFact]
    public async Task a_missing_key_matches_only_the_opposites()
    {
        var (without, with) = (
            await Added(Mine),
            await Added(
                Mine,
                ("name", Key.Of("b")),
                ("tags", Key.Of("b")),
                ("custom.x", Key.Of("b")),
                ("note", Key.Of("b")),
                ("email", Key.Of("b"))
            )
        );
        foreach (var field in new[] { "name", "tags", "custom.x", "note", "email" })
        {
            foreach (
                var comparison in new[]
                {
                    Comparison.Eq,
                    Comparison.Gt,
                    Comparison.Gte,
                    Comparison.Lt,
                    Comparison.Lte,
                    Comparison.Contains,
                    Comparison.StartsWith,
                }
            )
            {
                (await Found(Mine, Is(field, comparison, "a"))).Should().NotContain(without);
                (await Found(Mine, new Filter.Not(Is(field, comparison, "a")))).Should().Contain(without, "'not' is the exact opposite");
                (await Found(Mine, new Filter.Not(new Filter.Not(Is(field, comparison, "a"))))).Should().NotContain(without);
            }
            (await Found(Mine, Is(field, Comparison.Ne, "b"))).Should().Equal(without);
            (await Found(Mine, new Filter.Not(Is(field, Comparison.Ne, "b")))).Should().Equal(with);
            (await Found(Mine, new Filter.Not(new Filter.In(field, [Key.Of("b")])))).Should().Equal(without);
            (await Found(Mine, new Filter.Exists(field))).Should().Equal(with);
            (await Found(Mine, new Filter.Not(new Filter.Exists(field)))).Should().Equal(without);
        }
    }

    [StoreFact]
    public async Task all_of_nothing_is_true_and_any_of_nothing_is_false()
    {
        var id = await Added(Mine);
        (await Found(Mine, new Filter.And([]))).Should().Equal(id);
        (await Found(Mine, new Filter.Or([]))).Should().BeEmpty();
        (await Found(Mine, new Filter.Not(new Filter.And([])))).Should().BeEmpty();
        (await Found(Mine, new Filter.Not(new Filter.Or([])))).Should().Equal(id);
        (await Found(Mine, new Filter.In("name", []))).Should().BeEmpty();
        (await Found(Mine, new Filter.Not(new Filter.In("name", [])))).Should().Equal(id);
    }

    [StoreFact]
    public async Task numbers_compare_by_value()
    {
        double[] numbers = [-1e300, -2.5, -1, 0, 0.1, 1, 9, 10, 1e15, 9007199254740993, 1e300];
        var ids = new List<Id>();
        foreach (var number in numbers)
            ids.Add(await Added(Mine, ("score", Key.Of(number)), ("marks", Key.Of(number)), ("custom.n", Key.Of(number))));
        foreach (var field in new[] { "score", "marks", "custom.n" })
        foreach (var (number, i) in numbers.Select((number, i) => (number, i)))
        {
            (await Found(Mine, Is(field, Comparison.Eq, number))).Should().Equal(ids[i]);
            (await Found(Mine, Is(field, Comparison.Gt, number))).Should().Equal(ids.Skip(i + 1));
            (await Found(Mine, Is(field, Comparison.Lte, number))).Should().Equal(ids.Take(i + 1));
        }
        (await Found(Mine, null, new Sort("score", true))).Should().Equal(Enumerable.Reverse(ids));
        (await Found(Mine, null, new Sort("custom.n", false))).Should().Equal(ids);
        (await Found(Mine, Is("score", Comparison.Eq, -0.0))).Should().Equal(ids[3]);
        (await Found(Mine, Is("custom.n", Comparison.Eq, -0.0))).Should().Equal(ids[3]);
    }

    [StoreFact]
    public async Task text_and_number_of_one_custom_field_never_match_each_other()
    {
        var (number, text) = (await Added(Mine, ("custom.x", Key.Of(5))), await Added(Mine, ("custom.x", Key.Of("5"))));
        (await Found(Mine, Is("custom.x", Comparison.Eq, 5))).Should().Equal(number);
        (await Found(Mine, Is("custom.x", Comparison.Eq, "5"))).Should().Equal(text);
        (await Found(Mine, Is("custom.x", Comparison.Gt, 1))).Should().Equal(number);
        (await Found(Mine, Is("custom.x", Comparison.Lt, "9"))).Should().Equal(text);
        (await Found(Mine, new Filter.Or([Is("custom.x", Comparison.Gte, 1), Is("note", Comparison.Eq, "no")]))).Should().Equal(number);
    }

    [StoreFact]
    public async Task a_filter_on_several_values_matches_when_any_does()
    {
        var id = await Added(
            Mine,
            ("tags", Key.Of("a")),
            ("tags", Key.Of("b")),
            ("tags", Key.Of("a")),
            ("marks", Key.Of(1)),
            ("marks", Key.Of(9)),
            ("email", Key.Of("a@x")),
            ("email", Key.Of("b@x"))
        );
        foreach (
            var filter in new[]
            {
                Is("tags", Comparison.Eq, "b"),
                Is("marks", Comparison.Gt, 5),
                Is("marks", Comparison.Eq, 1),
                Is("email", Comparison.StartsWith, "b"),
                new Filter.And([Is("tags", Comparison.Eq, "a"), Is("tags", Comparison.Eq, "b")]),
            }
        )
            (await Found(Mine, filter)).Should().Equal(id);
        (await Found(Mine, Is("tags", Comparison.Ne, "a"))).Should().BeEmpty();
    }

    [StoreFact]
    public async Task a_replace_takes_away_the_keys_it_does_not_carry()
    {
        var person = Person(
            ("name", Key.Of("a")),
            ("tags", Key.Of("t")),
            ("custom.x", Key.Of("c")),
            ("email", Key.Of("e")),
            ("note", Key.Of("n"))
        ) with
        {
            Words = ["word"],
        };
        await Added(Mine, person);
        await Mine.Commit([new Change.Replace(person with { Version = 2, Keys = [("custom.y", Key.Of(1))], Words = [] }, 1)], default);
        foreach (var field in new[] { "name", "tags", "custom.x", "email", "note" })
            (await Found(Mine, new Filter.Exists(field))).Should().BeEmpty();
        (await Found(Mine, new Filter.Search(["word"]))).Should().BeEmpty();
        (await Found(Mine, null, new Sort("custom.x", false))).Should().Equal(person.Id);
        await Mine.Commit([new Change.Delete(People, person.Id, 2)], default);
        (await Found(Mine, null, new Sort("custom.y", false))).Should().BeEmpty();
        (await Found(Mine, Is("custom.y", Comparison.Eq, 1))).Should().BeEmpty();
    }

    public static TheoryData<string, bool, bool> Orders()
    {
        var data = new TheoryData<string, bool, bool>();
        foreach (
            var field in new[]
            {
                "name",
                "score",
                "note",
                "slug",
                "custom.x",
                "source.form",
                "name,score",
                "score,note,custom.x",
                "custom.x,name",
            }
        )
        foreach (var (descending, idDescending) in new[] { (false, false), (false, true), (true, false), (true, true) })
            data.Add(field, descending, idDescending);
        return data;
    }

    [StoreTheory]
    [MemberData(nameof(Orders))]
    public async Task pages_of_every_size_give_one_total_order_with_ties_and_missing_values(
        string fields,
        bool descending,
        bool idDescending
    )
    {
        var names = fields.Split(',');
        var random = new Random(7);
        var all = new List<(Id Id, Key?[] Keys)>();
        for (var i = 0; i < 60; i++)
        {
            var keys = names
                .Select(field =>
                    random.Next(4) == 0
                        ? (Key?)null
                        : field switch
                        {
                            "score" => Key.Of(random.Next(3)),
                            "slug" => Key.Of("s" + i),
                            "custom.x" when random.Next(3) == 0 => Key.Of(random.Next(3)),
                            _ => Key.Of("v" + random.Next(4)),
                        }
                )
                .ToArray();
            all.Add(
                (
                    await Added(
                        Mine,
                        [.. names.Zip(keys).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!.Value))]
                    ),
                    keys
                )
            );
        }
        var expected = StoreModel
            .Order(all, [.. names.Select((name, i) => new Sort(name, descending ^ (i == 1)))], idDescending)
            .Select(row => row.Id)
            .ToList();
        var sort = names.Select((name, i) => new Sort(name, descending ^ (i == 1))).ToArray();
        foreach (var limit in new[] { 1, 2, 7, 59, 60, 61 })
            (await Walked(Mine, new(People, null, sort, idDescending, null, limit))).Should().Equal(expected);
        foreach (var bytes in new[] { 1, 200 })
            (await Walked(Mine, new(People, null, sort, idDescending, null, 500) { MostBytes = bytes })).Should().Equal(expected);
        var half = new Filter.Or([new Filter.Exists(names[0]), Is("note", Comparison.Eq, "v1")]);
        var kept = all.Where(row =>
                row.Keys[0] is not null || names.Select((name, i) => name == "note" && row.Keys[i]?.Text == "v1").Any(hit => hit)
            )
            .Select(row => row.Id)
            .ToHashSet();
        (await Walked(Mine, new(People, half, sort, idDescending, null, 7))).Should().Equal(expected.Where(kept.Contains));
    }

    [StoreFact]
    public async Task a_page_ends_before_its_bytes_would_be_too_many_and_all_pages_together_are_complete()
    {
        var random = new Random(11);
        var sizes = new List<(Id Id, int Bytes)>();
        for (var i = 0; i < 60; i++)
        {
            var json = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', random.Next(10) == 0 ? 5_000 : random.Next(900))}\"}}");
            var person = Person(("name", Key.Of($"n{random.Next(5)}")), ("score", Key.Of(random.Next(4)))) with
            {
                Json = json,
                Words = ["ana"],
            };
            sizes.Add((await Added(Mine, person), json.Length));
        }
        var bytes = sizes.ToDictionary(row => row.Id, row => row.Bytes);
        Filter?[] filters = [null, new Filter.Search(["ana"]), Is("name", Comparison.Eq, "n1"), new Filter.Exists("score")];
        Sort[][] sorts =
        [
            [],
            [new("name", false)],
            [new("score", true), new("name", false)],
        ];
        foreach (var filter in filters)
        foreach (var sort in sorts)
        foreach (var descending in new[] { false, true })
        {
            var query = new Query(People, filter, sort, descending, null, 500);
            var whole = await Walked(Mine, query);
            (await Walked(Mine, query with { MostBytes = 2_000 })).Should().Equal(whole);
            using var page = await Mine.Query(query with { MostBytes = 2_000 }, default);
            var room = 2_001; // a comma for each row but the last
            var fit = whole.TakeWhile((id, i) => (room -= bytes[id] + 1) >= 0 || i == 0).Count();
            Enumerable.Range(0, page.Count).Select(i => page[i].Id).Should().Equal(whole.Take(fit), "as many as fit, and no fewer");
        }

        var asked = sizes.Select(row => row.Id).Reverse().Append(Ids.Next()).ToList();
        var given = new List<Id>();
        await foreach (var page in Mine.GetAll(People, asked.Concat(asked), default))
            for (var i = 0; i < page.Count; i++)
                given.Add(page[i].Id);
        given.Should().Equal(asked.SkipLast(1), "each once, in the order asked");
        using var cut = await Mine.GetMany(People, asked, default, 2_000);
        (cut.Count == 1 || cut.Bytes <= 2_000).Should().BeTrue();
        cut.Next!.Id.Should().Be(cut[cut.Count - 1].Id);
        Enumerable.Range(0, cut.Count).Select(i => cut[i].Id).Should().Equal(asked.Take(cut.Count));
        using var last = await Mine.GetMany(People, asked[^3..], default, 1);
        (last.Count, last.Next!.Id).Should().Be((1, asked[^3]), "the first one always comes");
    }

    [StoreFact]
    public async Task a_bound_on_the_sorted_key_and_on_the_ids_holds_on_every_page()
    {
        var ids = new List<Id>();
        for (var i = 0; i < 40; i++)
            ids.Add(await Added(Mine, ("score", Key.Of(i / 4)), ("name", Key.Of("same"))));
        var range = new Filter.And([Is("score", Comparison.Gte, 2), Is("score", Comparison.Lt, 8)]);
        foreach (var descending in new[] { false, true })
        {
            var byScore = await Walked(Mine, new(People, range, [new("score", descending)], descending, null, 3));
            byScore.Should().Equal(descending ? ids.Skip(8).Take(24).Reverse() : ids.Skip(8).Take(24));
            var byId = await Walked(
                Mine,
                new(People, new Filter.And([Is("name", Comparison.Eq, "same"), new Filter.Ids(ids[5], ids[35])]), [], descending, null, 3)
            );
            byId.Should().Equal(descending ? ids.Skip(5).Take(30).Reverse() : ids.Skip(5).Take(30));
        }
    }

    [StoreFact]
    public async Task a_position_stays_right_while_rows_come_and_go()
    {
        for (var i = 0; i < 20; i++)
            await Added(Mine, ("name", Key.Of($"n{i:00}")));
        var seen = new List<Id>();
        var query = new Query(People, null, [new("name", false)], false, null, 5);
        var before = await Found(Mine, null, new Sort("name", false));
        for (var turn = 0; ; turn++)
        {
            using var page = await Mine.Query(query, default);
            for (var i = 0; i < page.Count; i++)
                seen.Add(page[i].Id);
            if (page.Next is null)
                break;
            query = query with { After = page.Next };
            await Added(Mine, ("name", Key.Of("a" + turn))); // Before every position: must not push rows onto a second page.
            await Mine.Commit([new Change.Delete(People, seen[^1], 1)], default); // The position's own row goes away.
        }
        seen.Should().Equal(before);
    }

    [StoreFact]
    public async Task a_count_stops_where_it_is_told()
    {
        for (var i = 0; i < 10; i++)
            await Added(Mine, ("name", Key.Of(i % 2 == 0 ? "even" : "odd")));
        (await Mine.Count(People, null, 100, default)).Should().Be(10);
        (await Mine.Count(People, null, 3, default)).Should().Be(3);
        (await Mine.Count(People, Is("name", Comparison.Eq, "odd"), 100, default)).Should().Be(5);
        (await Mine.Count(People, Is("name", Comparison.Eq, "odd"), 0, default)).Should().Be(0);
    }

    [StoreFact]
    public async Task groups_are_counted_and_summed_with_the_missing_as_a_group_of_their_own()
    {
        await Added(Mine, ("name", Key.Of("a")), ("score", Key.Of(1.5)), ("custom.x", Key.Of("u")));
        await Added(Mine, ("name", Key.Of("a")), ("score", Key.Of(2)));
        await Added(Mine, ("score", Key.Of(4)));
        await Added(Mine, ("name", Key.Of("b")));
        await Added(Theirs, ("name", Key.Of("a")), ("score", Key.Of(100)));
        var groups = await Mine.GroupAndSum(People, null, ["name"], ["score"], default);
        groups
            .Select(group => (group.Keys[0]?.Text, group.Count, group.Sums[0]))
            .Should()
            .BeEquivalentTo(new[] { (null, 1L, 4.0), ("a", 2L, 3.5), ("b", 1L, 0.0) });
        var one = await Mine.GroupAndSum(People, Is("name", Comparison.Eq, "a"), [], ["score"], default);
        one.Single().Should().BeEquivalentTo(new Group([], 2, [3.5]));
        var custom = await Mine.GroupAndSum(People, null, ["custom.x", "name"], [], default);
        custom.Should().HaveCount(4);
        (await Mine.GroupAndSum(People, Is("name", Comparison.Eq, "nobody"), [], ["score"], default)).Should().BeEmpty();
    }

    [StoreFact]
    public async Task each_word_of_a_search_begins_a_word_of_the_document()
    {
        var ana = await Added(Mine, Person() with { Words = ["ana", "silva", "são", "日本"] });
        var bob = await Added(Mine, Person() with { Words = ["bob", "anab", "100"] });
        await Added(Theirs, Person() with { Words = ["ana"] });
        async Task<List<Id>> Search(params string[] words) => await Found(Mine, new Filter.Search(words));
        (await Search("ana")).Should().Equal(ana, bob);
        (await Search("ana", "sil")).Should().Equal(ana);
        (await Search("anab")).Should().Equal(bob);
        (await Search("na")).Should().BeEmpty();
        (await Search("sã")).Should().Equal(ana);
        (await Search("日")).Should().Equal(ana);
        (await Search("10")).Should().Equal(bob);
        (await Search("a")).Should().Equal(ana, bob);
        (await Search("\"", "*", "ana OR bob")).Should().BeEmpty();
        (await Search()).Should().Equal(ana, bob);
        (await Found(Mine, new Filter.Not(new Filter.Search(["silva"])))).Should().Equal(bob);
    }

    [StoreFact]
    public async Task a_search_finds_only_by_words_of_the_classes_it_may_use()
    {
        const WordClasses both = WordClasses.Open | WordClasses.Contact;
        var named = await Added(Mine, Person() with { Words = ["silva", new("gmail", WordClasses.Contact)] });
        var written = await Added(
            Mine,
            Person() with
            {
                Words = [new("silva", WordClasses.Contact), new("debt", WordClasses.Sensitive), new("silvana", both), "1"],
            }
        );
        // Also when the index has them already.
        await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(_ =>
                    Task.Run(async () =>
                        await Mine.Commit(
                            [
                                .. Enumerable
                                    .Range(0, 100)
                                    .Select(i => new Change.Insert(Person() with { Words = [new("gmail", WordClasses.Contact)] })),
                            ],
                            default
                        )
                    )
                )
        );
        async Task<List<Id>> Search(WordClasses classes, params string[] words) => await Found(Mine, new Filter.Search(words, classes));
        (await Search(WordClasses.All, "silva")).Should().Equal(named, written);
        (await Search(WordClasses.Open, "silva")).Should().Equal(named, written);
        (await Search(WordClasses.Open, "silvan")).Should().Equal(written);
        (await Search(WordClasses.Contact, "silva")).Should().Equal(written);
        (await Search(WordClasses.Sensitive, "silva")).Should().BeEmpty();
        (await Search(WordClasses.Open, "gmail"))
            .Should()
            .BeEmpty("whoever may not read addresses finds nobody by one, however many have it");
        (await Search(both, "gmail", "sil")).Should().Equal(named);
        (await Search(WordClasses.Open, "1", "debt")).Should().BeEmpty();
        (await Search(WordClasses.All, "1", "debt")).Should().Equal(written);
        (await Search(WordClasses.None, "silva")).Should().BeEmpty();
        (await Mine.Count(People, new Filter.Search([], WordClasses.None), 5, default)).Should().Be(5, "no words ask for nothing");
        (await Mine.Count(People, new Filter.Search(["gmail"], WordClasses.Contact), 5000, default)).Should().Be(3001);
        (await Mine.Count(People, new Filter.Not(new Filter.Search(["gmail"], WordClasses.Open)), 5000, default)).Should().Be(3002);
        // A word may come to another class.
        await Mine.Commit(
            [new Change.Replace(Person(written) with { Version = 2, Words = [new("silva", WordClasses.Sensitive)] }, 1)],
            default
        );
        (await Search(WordClasses.Contact, "silva")).Should().BeEmpty();
        (await Search(WordClasses.Sensitive, "sil")).Should().Equal(written);
    }

    [StoreFact]
    public async Task a_search_sees_every_commit_whatever_is_indexed_already()
    {
        var people = Enumerable.Range(0, 1500).Select(i => Person() with { Words = ["common" + i % 10, "w" + i] }).ToList();
        await Task.WhenAll(people.Select(person => Task.Run(async () => await Added(Mine, person))));
        foreach (var i in new[] { 0, 700, 1499 })
        {
            (await Found(Mine, new Filter.Search(["w" + i, "common" + i % 10]))).Should().Contain(people[i].Id);
            await Mine.Commit([new Change.Replace(people[i] with { Version = 2, Words = ["renamed" + i] }, 1)], default);
            (await Found(Mine, new Filter.Search(["w" + i]))).Should().NotContain(people[i].Id);
            (await Found(Mine, new Filter.Search(["renamed" + i]))).Should().Equal(people[i].Id);
        }
        await Mine.Commit([new Change.Delete(People, people[700].Id, 2)], default);
        (await Found(Mine, new Filter.Search(["renamed700"]))).Should().BeEmpty();
        (await Mine.Count(People, new Filter.Search(["common3"]), 1000, default)).Should().Be(150);
    }

    [StoreFact]
    public async Task few_matches_among_many_rows_are_found_in_order()
    {
        var people = Enumerable
            .Range(0, 3000)
            .Select(i =>
                Person(
                    ("name", Key.Of("n" + i % 100)),
                    ("score", Key.Of(i % 7)),
                    ("tags", Key.Of(i % 500 == 0 ? "rare" : "common")),
                    ("note", Key.Of("x"))
                )
            )
            .ToList();
        await Task.WhenAll(
            people
                .Chunk(50)
                .Select(chunk => Task.Run(async () => await Mine.Commit([.. chunk.Select(person => new Change.Insert(person))], default)))
        );
        var rare = people.Where((_, i) => i % 500 == 0).Select(person => person.Id).ToList();
        (await Walked(Mine, new(People, Is("tags", Comparison.Eq, "rare"), [new("name", false)], false, null, 2))).Should().Equal(rare);
        (await Walked(Mine, new(People, Is("tags", Comparison.Eq, "rare"), [], true, null, 2))).Should().Equal(Enumerable.Reverse(rare));
        var common = new Filter.And([Is("tags", Comparison.Eq, "common"), Is("note", Comparison.Eq, "x")]);
        (await Walked(Mine, new(People, common, [], false, null, 499))).Should().Equal(people.Select(person => person.Id).Except(rare));
    }

    [StoreFact]
    public async Task a_filter_that_is_too_large_is_refused_and_does_not_end_the_process()
    {
        Filter deep = new Filter.And([]);
        for (var i = 0; i < 100_000; i++)
            deep = new Filter.Not(new Filter.And([deep]));
        var ask = async () => await Found(Mine, deep);
        await ask.Should().ThrowAsync<ArgumentException>();
        var unknown = async () => await Found(Mine, Is("nosuch\"; --", Comparison.Eq, "x"));
        await unknown.Should().ThrowAsync<ArgumentException>();
    }
}
