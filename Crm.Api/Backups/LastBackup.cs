// The note beside the database that says when it was last backed up: written by the backup command, read by the server.

using System.Globalization;
using System.Text.Json;

namespace Crm.Api.Backups;

/// <param name="To">Where the backup went.</param>
public sealed record LastBackup(DateTimeOffset At, string To, long Bytes)
{
    static string FileOf(string database) => database + ".backup";

    /// <summary>In one step, so that a reader never sees half of it.</summary>
    public void Note(string database)
    {
        var made = FileOf(database) + ".new";
        File.WriteAllBytes(made, JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web));
        File.Move(made, FileOf(database), overwrite: true);
    }

    /// <summary>Null when there was none, or the note cannot be read.</summary>
    public static LastBackup? Of(string database)
    {
        try
        {
            return File.Exists(FileOf(database))
                ? JsonSerializer.Deserialize<LastBackup>(File.ReadAllBytes(FileOf(database)), JsonSerializerOptions.Web)
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>A line for whoever asks how the product is.</summary>
    public static string Line(LastBackup? last, DateTimeOffset now) =>
        last is null
            ? "last backup: none"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"last backup: {last.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, {Math.Max(0, (now - last.At).TotalHours):0.0} hours ago"
            );
}
