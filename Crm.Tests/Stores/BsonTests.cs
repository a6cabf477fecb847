// The managed BSON codec: whatever is written is read again, and what comes back of a document is what went in.

using System.Text;
using Crm.Domain.Stores;
using Crm.Storage.Mongo;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Crm.Tests.Stores;

public sealed class BsonTests
{
    static readonly MongoPlan Plan = new(StoreContract.People);

    [Fact]
    public void the_json_and_the_keys_of_any_document_come_back_as_they_were()
    {
        var texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Where(text => text is not null),
            Gen.Elements("", "\0", "a\0b", "é", "😀", "\u0001", "$", ".", "a.b", "\uFFFF")
        );
        var numbers = Gen.OneOf(
            ArbMap.Default.GeneratorFor<double>().Where(number => !double.IsNaN(number)),
            Gen.Elements(0, -0.0, 1, -1.5, 9007199254740993, 1e300, double.PositiveInfinity)
        );
        var cases =
            from json in ArbMap.Default.GeneratorFor<byte[]>().Where(bytes => bytes is not null)
            from name in texts
            from score in numbers
            from tags in texts.ArrayOf()
            from custom in texts
            from version in Gen.Choose(1, int.MaxValue)
            select (json, name, score, tags, custom, version);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(cases.ToArbitrary(), one =>
            {
                var (json, name, score, tags, custom, version) = one;
                var id = IdGenerator.At(DateTimeOffset.UnixEpoch.AddDays(20_000));
                (string, Key)[] keys =
                [
                    ("name", Key.Of(name)),
                    ("score", Key.Of(score)),
                    .. tags.Select(tag => ("tags", Key.Of(tag))),
                    ("custom.x", Key.Of(custom)),
                    ("custom.n", Key.Of(score)),
                ];
                var row = Plan.Encode(7, new(StoreContract.People, id, version, json, keys, []));
                var read = MongoDocument.Read(row.Bson);
                read.Id.Should().Be(id);
                read.Workspace.Should().Be(7);
                read.Version.Should().Be(version);
                read.Json.ToArray().Should().Equal(json);
                Same(MongoDocument.Single(read.Keys, Plan.Field("name")), Key.Of(name));
                Same(MongoDocument.Single(read.Keys, Plan.Field("score")), Key.Of(score));
                Same(MongoDocument.Single(read.Keys, Plan.Field("tags")), tags.Length == 0 ? null : Key.Of(tags[0]));
                Same(MongoDocument.Single(read.Keys, Plan.Field("custom.x")), Key.Of(custom));
                Same(MongoDocument.Single(read.Keys, Plan.Field("custom.n")), Key.Of(score));
                Same(MongoDocument.Single(read.Keys, Plan.Field("note")), null);
            }));

        // Half a surrogate pair is no text in UTF-8: it becomes the replacement character, on every store.
        static void Same(Key? read, Key? written) =>
            (read is { Text: { } text } ? Convert.ToHexString(Encoding.UTF8.GetBytes(text)) : read?.ToString())
                .Should()
                .Be(
                    written is { Text: { } own } ? Convert.ToHexString(Encoding.UTF8.GetBytes(own))
                    : written is { } number ? Key.Of(number.Number == 0 ? 0 : number.Number).ToString()
                    : null
                );
    }

    [Fact]
    public void json_is_stored_as_text_and_other_bytes_as_they_are()
    {
        static BsonType Stored(byte[] json)
        {
            var found = BsonType.Null;
            for (var fields = new BsonReader(Plan.Encode(1, new(StoreContract.People, new(1), 1, json, [], [])).Bson); fields.Next(); )
                if (fields.Is("j"u8))
                    found = fields.Type;
            return found;
        }
        Stored("{\"a\":\"é\"}"u8.ToArray()).Should().Be(BsonType.Text);
        Stored([0xFF, 0]).Should().Be(BsonType.Binary);
    }

    [Fact]
    public void the_entry_of_a_number_sorts_as_the_number_does()
    {
        double[] numbers =
        [
            double.NegativeInfinity,
            -1e300,
            -2.5,
            -1,
            -double.Epsilon,
            0,
            double.Epsilon,
            0.1,
            1,
            9,
            10,
            1e15,
            1e300,
            double.PositiveInfinity,
        ];
        var entries = numbers.Select(number => MongoPlan.Entry(Plan.Field("custom.n"), Key.Of(number))).ToList();
        entries.Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
        MongoPlan.Entry(Plan.Field("custom.n"), Key.Of(-0.0)).Should().Be(entries[5]);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("é", "ê")]
    [InlineData("\uD7FF", "\uE000")]
    [InlineData("a\U0010FFFF", "b")]
    [InlineData("\U0010FFFF", null)]
    [InlineData("x😀", "x😁")]
    public void what_follows_a_prefix_is_the_next_code_point(string prefix, string? after) => MongoFilter.After(prefix).Should().Be(after);

    [Fact]
    public void names_of_different_keys_never_share_a_path()
    {
        string[] names = ["custom.a", "custom.a.b", "custom.a~1b", "custom.a$b", "custom.a~b", "custom.a_b", "custom.a__b"];
        names
            .Select(name => Plan.Field(name).Path)
            .Should()
            .OnlyHaveUniqueItems()
            .And.OnlyContain(path => path.LastIndexOf('.') == 1 && !path.Contains('$'));
    }

    [Fact]
    public void a_document_that_is_cut_off_is_an_exception_and_nothing_worse()
    {
        var whole = Plan.Encode(
            1,
            new(StoreContract.People, new(1), 1, "{}"u8.ToArray(), [("name", Key.Of("Ana")), ("tags", Key.Of("t"))], ["ana"])
        ).Bson;
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            var read = () => MongoDocument.Read(cut).Version;
            read.Should()
                .Throw<Exception>()
                .Which.Should()
                .Match(failure => failure is InvalidDataException || failure is ArgumentException || failure is IndexOutOfRangeException);
        }
    }
}
