// How a JSON object becomes fields, and what is no such object.

using Xunit;
using static Crm.Tests.Forms.FormBodies;

namespace Crm.Tests.Forms;

public class JsonBodyTests
{
    [Theory]
    [InlineData("{}", "")]
    [InlineData(" \r\n\t{ \"a\" : 1 } \n", "a=1")]
    [InlineData("""{"a":"x","b":"","c":" "}""", "a=x&b=&c= ")]
    [InlineData("""{"a":true,"b":false,"c":null,"d":[null],"e":[],"f":{}}""", "a=true&b=false")]
    [InlineData(
        """{"a":1,"b":-0.50,"c":1E+2,"d":1e999,"e":12345678901234567890123456789}""",
        "a=1&b=-0.50&c=1E+2&d=1e999&e=12345678901234567890123456789"
    )]
    [InlineData("""{"a":{"b":{"c":1},"d":2}}""", "a.b.c=1&a.d=2")]
    [InlineData("""{"a":["x","y",1,true,null,"x"]}""", "a=x|y|1|true|x")]
    [InlineData("""{"a":[{"b":1},{"b":2}]}""", "a.0.b=1&a.1.b=2")]
    [InlineData("""{"a":["x",{"b":1},"y"]}""", "a=x|y&a.1.b=1")]
    [InlineData("""{"a":[[1,2],[3]],"z":1}""", "a.0=1|2&a.1=3&z=1")]
    [InlineData("""{"a":[{"b":[1,{"c":2}]}]}""", "a.0.b=1&a.0.b.1.c=2")]
    [InlineData("""{"a.b":1,"a":{"b":2}}""", "a.b=1|2")]
    [InlineData("""{"a[0]":"x","a[1]":"y","a[]":"z"}""", "a=x|y|z")]
    [InlineData("""{"":1,"x":{"":2}}""", "=1&x.=2")]
    [InlineData("""{"a":{"x":1},"b":{"x":2},"c":[{"x":3},{"x":4}],"x":5}""", "a.x=1&b.x=2&c.0.x=3&c.1.x=4&x=5")]
    [InlineData("""{"a":"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"}""", "a=\"\\/\n\n\tA\U0001F600")]
    [InlineData("""{"\u0061":"x","First Name":"Ana"}""", "a=x&First Name=Ana")]
    public async Task An_object_is_flattened(string body, string fields) => (await Post(Json, body)).ShouldRead(fields);

    [Fact]
    public async Task A_number_of_100_digits_is_text()
    {
        var number = new string('9', 100);
        (await Post(Json, $$"""{"a":{{number}}}""")).ShouldRead("a=" + number);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":[1,]}")]
    [InlineData("{\"a\":[1}")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1}{}")]
    [InlineData("{\"a\":1} x")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":.5}")]
    [InlineData("{\"a\":1.}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":Infinity}")]
    [InlineData("{\"a\":tru}")]
    [InlineData("{\"a\":\"x}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("{\"a\":\"\\x41\"}")]
    [InlineData("{\"a\":\"\\u00g0\"}")]
    [InlineData("{\"a\":\"\\u00\"}")]
    [InlineData("{/**/\"a\":1}")]
    [InlineData("//\n{\"a\":1}")]
    public async Task What_is_not_one_JSON_object_is_malformed(string body)
    {
        var post = await Post(Json, body);
        post.ShouldFail("body_malformed");
        post.Raw.Length.Should().Be(body.Length);
    }

    [Theory]
    [InlineData("""{"x":1,"a":1,"a":2}""", "x=1&a=1|2")]
    [InlineData("""{"x":1,"é":1,"e\u0301":2}""", "x=1&é=1|2")]
    public async Task A_member_given_twice_is_a_repeated_field(string body, string fields) => (await Post(Json, body)).ShouldRead(fields);

    [Theory]
    [InlineData("""[{"email":"a","name":"b"}]""", "email=a&name=b")]
    [InlineData("\"{\\\"email\\\":\\\"a\\\"}\"", "email=a")]
    [InlineData("""{"fields":[{"name":"email","value":"a"},{"name":"x[]","value":"1"},{"name":"x[]","value":"2"}]}""", "email=a&x=1|2")]
    [InlineData("""{"fields":[{"objectTypeId":"0-1","name":"email","value":"a"}]}""", "fields.0.objectTypeId=0-1&email=a")]
    [InlineData("""[{"name":"email","value":"a"},{"name":"phone","value":"b"}]""", "email=a&phone=b")]
    [InlineData("""[{"name":"email","value":"a"}]""", "email=a")]
    [InlineData("""{"name":"Ana","value":"5"}""", "name=Ana&value=5")]
    [InlineData("""{"data":{"fields":[{"key":"q1","label":"E-mail","value":"a"}]}}""", "data.fields.0.label=E-mail&q1=a")]
    public async Task What_libraries_make_of_a_form_is_understood(string body, string fields) =>
        (await Post(Json, body)).ShouldRead(fields);

    [Theory]
    [InlineData("""{"x":1,"a":"\ud800","y":2}""")]
    [InlineData("""{"x":1,"a":"\udc00","y":2}""")]
    public async Task Half_a_surrogate_pair_costs_only_itself(string body) =>
        (await Post(Json, body)).ShouldNote("x=1&a=\uFFFD&y=2", "value_unreadable");

    [Fact]
    public async Task What_stands_before_a_break_is_read()
    {
        var post = await Post(Json, """{"email":"ana@silva.example.org","name":"Ana","message":"half a sen""");
        post.ShouldFail("body_malformed");
        post.Flat().Should().Be("email=ana@silva.example.org&name=Ana");
    }

    [Fact]
    public async Task A_message_says_where_the_JSON_broke() =>
        (await Post(Json, """{"a":1,"b":nul}""")).Problem!.Message.Should().MatchRegex("byte [0-9]+");

    [Fact]
    public async Task Nesting_as_deep_as_the_body_is_long_ends_at_once()
    {
        foreach (var open in new[] { "{\"a\":", "[" })
            (await Post(Json, "{\"x\":1,\"a\":" + string.Concat(Enumerable.Repeat(open, 10_000)))).Flat().Should().Be("x=1");
    }
}
