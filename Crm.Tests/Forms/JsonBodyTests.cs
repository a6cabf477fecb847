// How a JSON object becomes fields, and what is no such object.

using FluentAssertions;
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
    [InlineData("[{\"a\":1}]")]
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
    [InlineData("a=1&b=2")]
    public async Task What_is_not_one_JSON_object_is_malformed(string body)
    {
        var post = await Post(Json, body);
        post.ShouldFail("body_malformed");
        post.Raw.Length.Should().Be(body.Length);
    }

    [Theory]
    [InlineData("""{"x":1,"a":1,"a":2}""", "a")]
    [InlineData("""{"x":1,"a":1,"\u0061":2}""", "a")]
    [InlineData("""{"x":1,"a":null,"a":2}""", "a")]
    [InlineData("""{"x":1,"a":{},"a":{}}""", "a")]
    [InlineData("""{"x":1,"a":{"b":1,"c":2,"b":3}}""", "b")]
    [InlineData("""{"x":1,"a":[{"b":1,"b":2}]}""", "b")]
    [InlineData("""{"x":1,"é":1,"e\u0301":2}""", "é")]
    [InlineData("""{"x":1,"a":1,"a\u0001":2}""", "a")]
    public async Task A_member_given_twice_is_refused(string body, string field)
    {
        var post = await Post(Json, body);
        post.ShouldFail("duplicate_field", field);
        post.First("x").Should().Be("1");
    }

    [Theory]
    [InlineData("""{"x":1,"a":"\ud800"}""")]
    [InlineData("""{"x":1,"a":"\udc00"}""")]
    [InlineData("""{"x":1,"a":"\ud83d!"}""")]
    [InlineData("""{"x":1,"a":"\ude00\ud83d"}""")]
    [InlineData("""{"x":1,"a":["ok","\ud83d"]}""")]
    public async Task Half_a_surrogate_pair_is_refused(string body) => (await Post(Json, body)).ShouldFail("encoding_invalid", "a");

    [Fact]
    public async Task Half_a_surrogate_pair_in_a_name_is_refused() =>
        (await Post(Json, """{"x":1,"\ud800":1}""")).ShouldFail("encoding_invalid");

    [Theory]
    [InlineData(256, null)]
    [InlineData(257, "too_many_fields")]
    public async Task All_objects_together_may_have_256_members(int count, string? code)
    {
        var nulls = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"n{i}\":null"));
        (await Post(Json, "{" + nulls + "}")).ShouldEnd(code);
        var objects = string.Join(',', Enumerable.Range(0, count - 1).Select(_ => "{\"n\":null}"));
        var post = await Post(Json, "{\"a\":[" + objects + "]}");
        (post.Problem?.Code).Should().Be(code);
    }

    [Fact]
    public async Task A_message_says_where_the_JSON_broke() =>
        (await Post(Json, """{"a":1,"b":nul}""")).Problem!.Message.Should().MatchRegex("byte [0-9]+");

    [Fact]
    public async Task Nesting_as_deep_as_the_body_is_long_is_refused_at_once()
    {
        foreach (var open in new[] { "{\"a\":", "[" })
            (await Post(Json, "{\"a\":" + string.Concat(Enumerable.Repeat(open, 10_000)))).Problem!.Code.Should().Be("too_deep");
    }
}
