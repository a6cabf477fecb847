// Members found by jumping beside members found by the framework's reader, in thousands of random objects.

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.GraphQL.Execution;
using Xunit;

namespace Crm.Tests.GraphQL;

public sealed class StoredJsonTests
{
    static readonly string[] Names = ["id", "a", "ab", "é", "with \"quote\"", "back\\slash", "", "{", "tab\t", "emails"];

    [Fact]
    public void members_are_where_the_frameworks_reader_finds_them()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var (asked, members) = (Names, new StoredMembers(Names));
        for (var round = 0; round < 10_000; round++)
        {
            // The same for several objects, so that what was learned of one is tried on the next, which lacks some members and has others.
            if (round % 20 == 0)
            {
                asked = [.. Names.OrderBy(_ => random.Next()).Take(1 + random.Next(5))];
                members = new(asked);
            }
            var value = Object(random, 0, shuffled: round % 3 == 0);
            var json = JsonSerializer.SerializeToUtf8Bytes(value, new JsonSerializerOptions { WriteIndented = random.Next(4) == 0 });
            var places = new Place[asked.Length];
            members.Find(json, places);
            for (var i = 0; i < asked.Length; i++)
            {
                var found = Encoding.UTF8.GetString(json.AsSpan(places[i].Start..places[i].End));
                if (value.ContainsKey(asked[i]))
                    JsonNode
                        .DeepEquals(JsonNode.Parse(found), value[asked[i]])
                        .Should()
                        .BeTrue($"{asked[i]} of {Encoding.UTF8.GetString(json)} is not {found}, seed {seed}");
                else
                    found.Should().BeEmpty($"there is no {asked[i]} in {Encoding.UTF8.GetString(json)}, seed {seed}");
            }
        }
    }

    [Fact]
    public void entries_of_a_list_are_where_they_lie()
    {
        var random = new Random(6);
        for (var round = 0; round < 2_000; round++)
        {
            var list = new JsonArray([.. Enumerable.Range(0, random.Next(6)).Select(_ => Value(random, 2))]);
            var json = JsonSerializer.SerializeToUtf8Bytes(list, new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 });
            var count = 0;
            for (var at = 0; StoredJson.NextItem(json, ref at, out var item); count++)
                JsonNode.DeepEquals(JsonNode.Parse(json[item]), list[count]).Should().BeTrue();
            count.Should().Be(list.Count);
        }
    }

    static JsonObject Object(Random random, int depth, bool shuffled = true)
    {
        var made = new JsonObject();
        foreach (
            var name in shuffled ? Names.OrderBy(_ => random.Next()).Take(random.Next(Names.Length)) : Names.Where(_ => random.Next(5) > 0)
        )
            made[name] = Value(random, depth + 1);
        return made;
    }

    static JsonNode? Value(Random random, int depth) =>
        random.Next(depth > 3 ? 6 : 8) switch
        {
            0 => null,
            1 => random.Next(2) == 0,
            2 => random.NextDouble() * 1e6,
            3 => "a \"quoted\" {text} [with] \\ everything, \t\u0001😀"
                + new string('\\', random.Next(40))
                + new string('"', random.Next(3))
                + new string('x', random.Next(40)),
            4 => "",
            5 => -random.Next(),
            6 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]),
            _ => Object(random, depth + 1),
        };

    /// <summary>It is for JSON that is correct; what is not may give nonsense, and must not read outside or run on.</summary>
    [Fact]
    public void what_is_no_json_gives_nothing_outside_of_it()
    {
        var random = new Random(5);
        var members = new StoredMembers(["id", "a"]);
        var alphabet = "{}[]\":,\\ ida1n"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = random.GetItems(alphabet, random.Next(100));
            var places = new Place[2];
            try
            {
                members.Find(bytes, places);
            }
            catch (ArgumentException)
            {
                continue;
            }
            places.Should().OnlyContain(p => p.Start >= 0 && p.End <= bytes.Length && p.Start <= p.End);
        }
    }
}
