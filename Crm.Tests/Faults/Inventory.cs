// What the product has: its submissions, leads and events, read through its front door or from a copy of the file that a killed process
// left.

using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Crm.Tests.Faults;

public sealed record KeptSubmission(string Id, string? Key, string Verdict, string? Reason, string? Lead, bool MadeLead);

public sealed record KeptLead(string Id, IReadOnlyList<string> Emails);

/// <param name="Types">What it is and what else it is.</param>
/// <param name="Submission">The submission that it tells of or that caused it.</param>
/// <param name="Workspace">Which workspace's story it belongs to; 0 when all are of one.</param>
public sealed record KeptEvent(IReadOnlyList<string> Types, string Subject, string? Submission, long? Position, long Workspace)
{
    /// <summary>What it says of a submission, if it does.</summary>
    public string? Verdict => Types.FirstOrDefault(type => type.StartsWith("submission.", StringComparison.Ordinal));
}

public sealed record Inventory(IReadOnlyList<KeptSubmission> Submissions, IReadOnlyList<KeptLead> Leads, IReadOnlyList<KeptEvent> Events)
{
    public static async Task<Inventory> Of(CrmProcess crm) =>
        new(
            [.. (await crm.All("/v1/submissions")).Select(Submission)],
            [.. (await crm.All("/v1/leads")).Select(Lead)],
            [.. (await crm.All("/v1/events?sort=-createdAt")).Select(json => Event(json, 0))]
        );

    /// <summary>
    /// Copies the files first: opening them here would finish what the next start has to finish by itself. Also says what SQLite's own
    /// check found.
    /// </summary>
    public static async Task<(Inventory Inventory, string Integrity)> OfCopy(string database)
    {
        var folder = Directory.CreateTempSubdirectory("crm-copy-");
        try
        {
            var copy = Path.Combine(folder.FullName, "crm.db");
            LiveFile.Copy(database, copy);
            if (File.Exists(database + "-wal"))
                File.Copy(database + "-wal", copy + "-wal");
            await using var connection = new SqliteConnection($"Data Source={copy};Pooling=False");
            await connection.OpenAsync();
            var integrity = string.Join("; ", await Column(connection, "PRAGMA integrity_check", row => row.GetString(0)));
            return (
                new(
                    await Column(connection, "SELECT json FROM d_submission", row => Submission(Json(row))),
                    await Column(connection, "SELECT json FROM d_lead", row => Lead(Json(row))),
                    await Column(connection, "SELECT json, ws FROM d_event", row => Event(Json(row), row.GetInt64(1)))
                ),
                integrity
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<List<T>> Column<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var rows = await command.ExecuteReaderAsync();
        var all = new List<T>();
        while (await rows.ReadAsync())
            all.Add(read(rows));
        return all;
    }

    static JsonNode Json(SqliteDataReader row) =>
        JsonNode.Parse(row.GetFieldValue<byte[]>(0)) ?? throw new JsonException("A row without JSON.");

    static KeptSubmission Submission(JsonNode json) =>
        new(
            Text(json["id"])!,
            Text(json["idempotencyKey"]),
            Text(json["verdict"])!,
            Text(json["reason"]),
            Text(json["lead"]),
            json["madeLead"]!.GetValue<bool>()
        );

    static KeptLead Lead(JsonNode json) => new(Text(json["id"])!, [.. json["emails"]!.AsArray().Select(e => Text(e!["address"])!)]);

    static KeptEvent Event(JsonNode json, long workspace) =>
        new(
            [Text(json["type"])!, .. json["also"]!.AsArray().Select(also => Text(also)!)],
            Text(json["subject"])!,
            Text(json["data"]?["submission"]),
            json["position"]?.GetValue<long>(),
            workspace
        );

    static string? Text(JsonNode? value) => value?.GetValue<string>();
}
