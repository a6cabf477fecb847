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
        for (var round = 0; round < 5_000; round++)
        {
            var value = Object(random, 0);
            var json = JsonSerializer.SerializeToUtf8Bytes(value, new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 });
            var asked = Names.OrderBy(_ => random.Next()).Take(1 + random.Next(5)).ToArray();
            var places = new (int Start, int End)[asked.Length];
            StoredJson.Find(json, [.. asked.Select(Encoding.UTF8.GetBytes)], places);
            for (var i = 0; i < asked.Length; i++)
            {
                var found = Encoding.UTF8.GetString(json.AsSpan(places[i].Start..places[i].End));
                if (value.ContainsKey(asked[i]))
                    JsonNode.DeepEquals(JsonNode.Parse(found), value[asked[i]]).Should().BeTrue($"{asked[i]} of {Encoding.UTF8.GetString(json)} is not {found}, seed {seed}");
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
            var items = StoredJson.Items(json);
            items.Should().HaveCount(list.Count);
            for (var i = 0; i < list.Count; i++)
                JsonNode.DeepEquals(JsonNode.Parse(items[i].Span), list[i]).Should().BeTrue();
        }
    }

    static JsonObject Object(Random random, int depth)
    {
        var made = new JsonObject();
        foreach (var name in Names.OrderBy(_ => random.Next()).Take(random.Next(Names.Length)))
            made[name] = Value(random, depth + 1);
        return made;
    }

    static JsonNode? Value(Random random, int depth) => random.Next(depth > 3 ? 6 : 8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.NextDouble() * 1e6,
        3 => "a \"quoted\" {text} [with] \\ everything, \t\u0001😀",
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
        byte[][] members = ["id"u8.ToArray(), "a"u8.ToArray()];
        var alphabet = "{}[]\":,\\ ida1n"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = random.GetItems(alphabet, random.Next(40));
            var places = new (int Start, int End)[2];
            try
            {
                StoredJson.Find(bytes, members, places);
            }
            catch (ArgumentException)
            {
                continue;
            }
            places.Should().OnlyContain(p => p.Start >= 0 && p.End <= bytes.Length && p.Start <= p.End);
        }
    }
}
