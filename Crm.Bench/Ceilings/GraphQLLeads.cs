// Fifty leads with ten fields each out of memory, twice: by the engine alone, and by a program that knows what it will be asked and writes
// it with Utf8JsonWriter.

using System.Buffers;
using System.Text.Json;
using Crm.GraphQL;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Types;

namespace Crm.Bench.Ceilings;

/// <summary>Answers POST requests with <c>{"data":{"leads":[...]}}</c>; the file holds the leads as one JSON list.</summary>
internal static class GraphQLLeads
{
    /// <summary>The fields that are asked for, in this order.</summary>
    public static readonly string[] Fields =
    [
        "id",
        "version",
        "createdAt",
        "firstName",
        "lastName",
        "company",
        "jobTitle",
        "language",
        "status",
        "score",
    ];

    public static string Query { get; } = $"query Leads($first: Int) {{ leads(first: $first) {{ {string.Join(' ', Fields)} }} }}";

    // ---- The engine: rows are JSON, as a store hands them over

    public static RequestDelegate ByEngine(string file)
    {
        using var stored = JsonDocument.Parse(File.ReadAllBytes(file));
        Piece[] rows = [.. stored.RootElement.EnumerateArray().Select(row => new Piece(JsonSerializer.SerializeToUtf8Bytes(row)))];
        var lead = new ObjectType("Lead", null);
        foreach (var name in Fields)
            lead.Add(
                new(
                    name,
                    name switch
                    {
                        "id" => ScalarType.ID.NonNull,
                        "version" => ScalarType.Int.NonNull,
                        "createdAt" => ScalarType.String.NonNull,
                        "score" => ScalarType.Int,
                        _ => ScalarType.String,
                    }
                )
            );
        var query = new ObjectType("Query", null);
        query.Add(
            new(
                "leads",
                lead.NonNull.List.NonNull,
                null,
                [new("first", ScalarType.Int)],
                new(null, call =>
                    new([
                        new Loaded(
                            Piece.Of(
                                call.Arguments.TryGetProperty("first", out var first)
                                && first.ValueKind == JsonValueKind.Number
                                && first.GetInt32() < rows.Length
                                    ? rows[..first.GetInt32()]
                                    : rows
                            )
                        ),
                    ])
                )
            )
        );
        var documents = new Documents(new Schema(query, null), new());
        return http => Answer(http, documents);
    }

    static async Task Answer(HttpContext http, Documents documents)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        var read = documents.Read(body.RootElement.GetProperty("query").GetString()!);
        if (read.Errors.Count > 0)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var operation = read.Document!.Operations[0];
        var variables = Coercion.Variables(
            operation,
            documents.Schema,
            body.RootElement.TryGetProperty("variables", out var given) ? given : default
        );
        using var output = new JsonBuffer();
        output.Write("{\"data\":"u8);
        await Executor
            .Prepare(
                read.Plan(operation, documents.Schema, documents.Limits, variables),
                documents.Schema,
                variables,
                null,
                http.RequestAborted
            )
            .Run(output);
        output.Write("}"u8);
        await Send(http, output.Written);
    }

    // ---- Its ceiling: objects whose properties are known to the compiler

    sealed record Lead(
        string Id,
        int Version,
        string CreatedAt,
        string? FirstName,
        string? LastName,
        string? Company,
        string? JobTitle,
        string? Language,
        string? Status,
        int? Score
    );

    static readonly JsonEncodedText[] Names = [.. Fields.Select(name => JsonEncodedText.Encode(name))];
    static readonly JsonEncodedText Data = JsonEncodedText.Encode("data"),
        Leads = JsonEncodedText.Encode("leads");

    [ThreadStatic]
    static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _scratch;

    public static RequestDelegate ByWriter(string file)
    {
        var leads = JsonSerializer.Deserialize<Lead[]>(File.ReadAllBytes(file), JsonSerializerOptions.Web)!;
        return http =>
        {
            var (buffer, writer) = _scratch ??= Scratch();
            buffer.ResetWrittenCount();
            writer.Reset(buffer);
            Write(writer, leads);
            writer.Flush();
            return Send(http, buffer.WrittenMemory);
        };
    }

    static (ArrayBufferWriter<byte>, Utf8JsonWriter) Scratch()
    {
        var buffer = new ArrayBufferWriter<byte>(32 * 1024);
        return (buffer, new(buffer));
    }

    static void Write(Utf8JsonWriter writer, Lead[] leads)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(Data);
        writer.WriteStartArray(Leads);
        foreach (var lead in leads)
        {
            writer.WriteStartObject();
            writer.WriteString(Names[0], lead.Id);
            writer.WriteNumber(Names[1], lead.Version);
            writer.WriteString(Names[2], lead.CreatedAt);
            writer.WriteString(Names[3], lead.FirstName);
            writer.WriteString(Names[4], lead.LastName);
            writer.WriteString(Names[5], lead.Company);
            writer.WriteString(Names[6], lead.JobTitle);
            writer.WriteString(Names[7], lead.Language);
            writer.WriteString(Names[8], lead.Status);
            if (lead.Score is { } score)
                writer.WriteNumber(Names[9], score);
            else
                writer.WriteNull(Names[9]);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Copied before the first await: after it another request may own this thread's buffer.</summary>
    static Task Send(HttpContext http, ReadOnlyMemory<byte> json)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = json.Length;
        http.Response.BodyWriter.Write(json.Span);
        return http.Response.BodyWriter.FlushAsync(http.RequestAborted).AsTask();
    }
}
