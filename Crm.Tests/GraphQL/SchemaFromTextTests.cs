// Schemas out of the schema language: what the reference implementation does not tell of, by hand.

using System.Text;
using System.Text.Json;
using Crm.GraphQL;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Types;
using Xunit;

namespace Crm.Tests.GraphQL;

public sealed class SchemaFromTextTests
{
    [Theory]
    [InlineData("type Query { a(x: Int = \"x\"): Int }", "1:25")]
    [InlineData("type Query { a(x: In): Int } input In { a: Int! = null b: E = ON } enum E { OFF }", "1:51 1:63")]
    [InlineData("type Query { a(x: In = { nope: 1 }): Int } input In { a: Int }", "1:24")]
    [InlineData("type Query { a(x: In = { a: 1, b: 2 }): Int } input In @oneOf { a: Int b: Int }", "1:24")]
    [InlineData("type Query { a(x: A): Int } input A { b: B = {} } input B { a: A = { b: {} } list: [B] = [{}] }", "1:61 1:78")]
    public void a_default_that_is_none_or_contains_itself_is_an_error_at_its_place(string text, string places)
    {
        var error = ((Action)(() => Schema.FromText(text))).Should().Throw<SchemaException>().Which;
        string.Join(' ', error.Errors.Select(e => $"{e.At![0].Line}:{e.At[0].Column}")).Should().Be(places, error.Message);
    }

    [Fact]
    public void a_schema_that_is_extended_stays_as_it_is()
    {
        var schema = Schema.FromText("type Query { a: Thing } type Thing { b: Int } union U = Thing enum E { ON }");
        var before = SchemaText.Of(schema);
        var extended = schema.Extend("extend type Thing { c: E d: U } extend union U = Other type Other { e: Int } extend enum E { OFF }");
        SchemaText.Of(schema).Should().Be(before);
        extended.Type("Thing").Should().BeOfType<ObjectType>().Which.Fields.Select(f => f.Name).Should().Equal("b", "c", "d");
        extended.Query.Field("a")!.Type.Should().BeSameAs(extended.Type("Thing"), "a type refers to the types of its own schema");
        SchemaChanges.Between(schema, extended).Select(c => c.Kind).Should().Equal("TYPE_ADDED_TO_UNION", "VALUE_ADDED_TO_ENUM");
    }

    [Fact]
    public async Task fields_are_members_of_the_json_unless_code_says_how_they_are_found()
    {
        var schema = Schema.FromText(
            """
            type Query { people(older: Int! = 0): [Person!]! }
            interface Named { name: String! }
            type Person implements Named { name: String! age: Int double: Int home: Place }
            type Place implements Named { name: String! people: [Person!] }
            """,
            new(
                Resolver: (type, field) =>
                    (type, field) switch
                    {
                        ("Query", "people") => new(null, call => new([new(People(call.Arguments.GetProperty("older").GetInt32()))])),
                        ("Person", "double") => Resolver.OfEach(json =>
                            JsonDocument.Parse(json).RootElement.GetProperty("age").GetInt32() * 2
                        ),
                        _ => null,
                    }
            )
        );
        (
            await Answer(
                schema,
                "query ($n: Int = 20) { people(older: $n) { name double home { name } ... on Named { __typename } } all: people { age } }"
            )
        )
            .Should()
            .Be("""{"people":[{"name":"Ana","double":62,"home":null,"__typename":"Person"}],"all":[{"age":31},{"age":12}]} """.TrimEnd());

        static ReadOnlyMemory<byte> People(int older) =>
            older > 12
                ? Encoding.UTF8.GetBytes("""[{"name":"Ana","age":31}]""")
                : Encoding.UTF8.GetBytes("""[{"name":"Ana","age":31},{"name":"Bo","age":12}]""");
    }

    static async Task<string> Answer(Schema schema, string text)
    {
        var read = new Documents(schema, new()).Read(text);
        read.Errors.Should().BeEmpty();
        var operation = read.Document!.Operations[0];
        var variables = Coercion.Variables(operation, schema, default);
        using var buffer = new JsonBuffer();
        var executor = Executor.Prepare(read.Plan(operation, schema, new(), variables), schema, variables, null, default);
        await executor.Run(buffer);
        executor.Errors.Should().BeEmpty();
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(200, false)]
    public void fields_of_one_name_are_compared_only_so_often(int count, bool correct)
    {
        var schema = Schema.FromText("type Query { a: Int }");
        var errors = new Documents(schema, new()).Read($"{{{string.Concat(Enumerable.Repeat("a ", count))}}}").Errors;
        errors.Select(e => e.Message).Should().Equal(correct ? [] : ["The document repeats itself too much to be checked."]);
    }
}
