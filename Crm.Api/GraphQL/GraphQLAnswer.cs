// What an answer holds besides data: errors, and what the request cost.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Domain.Problems;
using Crm.Domain.Text;
using Crm.GraphQL.Execution;

namespace Crm.Api.GraphQL;

static class GraphQLAnswer
{
    public static void Refused(JsonBuffer body, IReadOnlyList<GraphError> errors, string extensions)
    {
        body.Write("{\"errors\":"u8);
        body.Write(Errors(errors));
        End(body, extensions);
    }

    public const string ResponseJson = "application/graphql-response+json";

    /// <summary>How problems are answered here: what is no GraphQL request at all, comes without a key or too often is an error that
    /// clients of GraphQL understand, with the status of the problem.</summary>
    public static readonly AnswersProblemsAs Problems = new((code, detail) => (code.Status, Problem(code, detail)))
    {
        ContentTypeFor = ContentType,
    };

    static ReadOnlyMemory<byte> Problem(ProblemCode code, string detail)
    {
        using var body = new JsonBuffer();
        body.Write("{\"errors\":"u8);
        body.Write(Errors([new(detail, Code: code.Code)]));
        body.Write("}"u8);
        return body.Written.ToArray();
    }

    public static bool IsModern(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(ResponseJson, StringComparison.OrdinalIgnoreCase);

    public static string ContentType(HttpRequest request) => (IsModern(request) ? ResponseJson : "application/json") + "; charset=utf-8";

    public static void Errors(JsonBuffer body, IReadOnlyList<GraphError> errors)
    {
        if (errors.Count == 0)
            return;
        body.Write(",\"errors\":"u8);
        body.Write(Errors(errors));
    }

    /// <param name="extensions">Members of <c>extensions</c>, as JSON.</param>
    public static void End(JsonBuffer body, string extensions) =>
        body.Write(Encoding.ASCII.GetBytes($",\"extensions\":{{{extensions}}}}}"));

    public static ReadOnlySpan<byte> Errors(IReadOnlyList<GraphError> errors)
    {
        var json = new ArrayBufferWriter<byte>(512);
        using var writer = JsonText.Writer(json);
        writer.WriteStartArray();
        foreach (var error in errors)
        {
            writer.WriteStartObject();
            writer.WriteString("message", error.Message);
            if (error.At is not null)
            {
                writer.WriteStartArray("locations");
                foreach (var (line, column) in error.At)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("line", line);
                    writer.WriteNumber("column", column);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            if (error.Path is not null)
            {
                writer.WriteStartArray("path");
                foreach (var step in error.Path)
                    if (step is int index)
                        writer.WriteNumberValue(index);
                    else
                        writer.WriteStringValue((string)step);
                writer.WriteEndArray();
            }
            if (error.Code is not null)
            {
                writer.WriteStartObject("extensions");
                writer.WriteString("code", error.Code);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
        return json.WrittenSpan;
    }
}
