// How mutations change records: by the same functions as REST, each change one commit, with what went wrong in the payload.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Work;
using Crm.GraphQL.Execution;

namespace Crm.Api.GraphQL;

static class RecordChanges
{
    public static ValueTask<Loaded> Create(FieldCall field, CatalogEntry entry) => Run(field, entry, (work, input) =>
        {
            GraphQLCall.Of(field).Caller.MustBeAllowedToMake(entry);
            return SaveRecord.Make(work, entry, input, field.Cancel);
        });

    public static ValueTask<Loaded> Update(FieldCall field, CatalogEntry entry) =>
        Run(field, entry, async (work, input) =>
            new(await SaveRecord.Update(work, entry, await Target(field, work, entry, input), Rest(input), field.Cancel))
        );

    public static ValueTask<Loaded> Delete(FieldCall field, CatalogEntry entry) => Run(field, entry, async (work, input) =>
        {
            await SaveRecord.Delete(work, entry, await Target(field, work, entry, input), field.Cancel);
            return new(null);
        });

    public static ValueTask<Loaded> Act(FieldCall field, CatalogEntry entry, ResourceAction action) =>
        Run(field, entry, async (work, input) =>
        {
            var read = action.ReadInput(action.OnRecord ? Rest(input) : input, work.Settings.For(entry.Type));
            await SaveRecord.MayAct(work, entry, action, read, field.Cancel);
            return await action.Run(work, action.OnRecord ? await Target(field, work, entry, input) : null, read, field.Cancel);
        });

    static async ValueTask<Resource> Target(FieldCall field, UnitOfWork work, CatalogEntry entry, JsonElement input)
    {
        var record = await SaveRecord.Target(work, entry, input.GetProperty("id").GetString(), field.Cancel);
        return
            input.TryGetProperty("ifVersion", out var version)
            && version.ValueKind == JsonValueKind.Number
            && version.GetInt64() != record.Version
            ? throw new ProblemException(
                ProblemCodes.VersionMismatch,
                $"The record's version is {record.Version}. Read it again, then decide."
            )
            : record;
    }

    /// <summary>The input without what says which record is meant.</summary>
    static JsonElement Rest(JsonElement input) =>
        JsonSerializer.SerializeToElement(
            input.EnumerateObject().Where(m => m.Name is not ("id" or "ifVersion")).ToDictionary(m => m.Name, m => m.Value)
        );

    static readonly JsonElement NoInput = JsonSerializer.SerializeToElement(new { });

    static async ValueTask<Loaded> Run(FieldCall field, CatalogEntry entry, Func<UnitOfWork, JsonElement, ValueTask<ActionResult>> run)
    {
        var call = GraphQLCall.Of(field);
        call.NeedsWrite(entry);
        var input = field.Arguments.TryGetProperty("input", out var given) ? given : NoInput;
        try
        {
            using var idempotency = Idempotency.Begin(call.Http, call.Caller.Settings, call.Caller.By, call.Fingerprint, field.Place + "|");
            var change = new RunChange(
                call.Caller,
                idempotency,
                (result, shown) => Payload(call.Caller, entry, result, shown),
                Refused,
                answer => Again(call.Caller, entry, answer)
            );
            var (answer, replayed) = await change.Run(work => run(work, input), null, field.Cancel);
            if (replayed)
                call.Http.Response.Headers["Idempotent-Replayed"] = "true";
            return new(answer.Body);
        }
        catch (ProblemException problem)
        {
            return new(Refused(problem).Body);
        }
        catch (DamagedRecordException damage)
        {
            throw new FieldException(damage.Message, ProblemCodes.RecordDamaged.Code);
        }
        catch (StoreUnavailableException away)
        {
            StoreOutage.Met(call.Http, away);
            // What the same request changed before this stays, so the request as a whole is answered.
            throw new FieldException("This was not stored. Try again in a moment.", ProblemCodes.StoreUnavailable.Code);
        }
    }

    static Answer Payload(Caller caller, CatalogEntry entry, ActionResult result, bool shown)
    {
        var body = new ArrayBufferWriter<byte>(2048);
        using var writer = JsonText.Writer(body);
        writer.WriteStartObject();
        if (result.Record is { } record && record.GetType() == entry.Type.Clr)
        {
            writer.WritePropertyName(entry.Type.Name);
            var json = entry.Type.ToJson(record, withSecrets: false);
            writer.WriteRawValue(Projection.Of(json, caller.Rights(entry.Type).ReadsOf(json)).Span, true);
        }
        if (result.Json is { } answer)
        {
            writer.WritePropertyName("result");
            writer.WriteRawValue(answer.Utf8.Span, true);
        }
        if (shown)
        {
            writer.WriteStartObject("shownOnce");
            foreach (var (name, value) in result.ShownOnce)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.Flush();
        return new(StatusCodes.Status200OK, body.WrittenMemory);
    }

    /// <summary>A payload that was kept, with the record as it may be read now.</summary>
    static Answer Again(Caller caller, CatalogEntry entry, Answer kept)
    {
        var rights = caller.Rights(entry.Type);
        if (rights.ReadsWhole)
            return kept;
        var body = new ArrayBufferWriter<byte>(kept.Body.Length);
        using (var document = JsonDocument.Parse(kept.Body))
        using (var writer = JsonText.Writer(body))
        {
            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                var json = Encoding.UTF8.GetBytes(member.Value.GetRawText());
                writer.WriteRawValue((member.Name == entry.Type.Name ? Projection.Of(json, rights.ReadsOf(json)) : json).Span, true);
            }
            writer.WriteEndObject();
        }
        return kept with { Body = body.WrittenMemory };
    }

    static Answer Refused(ProblemException problem)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using var writer = JsonText.Writer(body);
        writer.WriteStartObject();
        writer.WriteStartArray("errors");
        Write(problem.Code.Code, problem.Detail, null);
        foreach (var error in problem.Errors.Where(e => e.Field.Length > 0))
            Write(error.Code, error.Message, error.Field);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return new(problem.Code.Status, body.WrittenMemory);

        void Write(string code, string message, string? field)
        {
            writer.WriteStartObject();
            writer.WriteString("message", message);
            writer.WriteString("code", code);
            if (field is not null)
                writer.WriteString("field", field);
            writer.WriteEndObject();
        }
    }
}
