// The backups of one installation in a folder, by their names: others' files there are none of them.

using System.Globalization;

namespace Crm.Api.Backups;

/// <param name="installation">What its backups have in their names, so that several may share a folder.</param>
public sealed class BackupFolder(string path, string installation)
{
    const string Time = "yyyyMMdd'T'HHmmss'Z'";

    const string Plain = ".db",
        Encrypted = ".crm";

    /// <summary>What a backup that was killed left behind may be another's that is under way until then.</summary>
    static readonly TimeSpan LeftBehind = TimeSpan.FromDays(1);

    string Start => $"crm-{installation}-";

    public string FileFor(DateTimeOffset at, bool encrypted) =>
        Path.Combine(path, $"{Start}{at.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture)}{(encrypted ? Encrypted : Plain)}");

    /// <summary>When each was made, with its file.</summary>
    public IReadOnlyList<(DateTimeOffset At, string File)> Backups() =>
        [
            .. Directory
                .EnumerateFiles(path, Start + "*")
                .Select(file => (At: TimeOf(Path.GetFileName(file)), file))
                .Where(backup => backup.At is not null)
                .Select(backup => (backup.At!.Value, backup.file)),
        ];

    /// <summary>Removes what need not stay, each with its manifest, and what killed ones left behind. Returns how many went.</summary>
    public int Prune(BackupsKept keep, DateTimeOffset now)
    {
        var backups = Backups();
        var surplus = keep.Surplus(backups.Select(backup => backup.At)).ToHashSet();
        var removed = 0;
        foreach (var (at, file) in backups)
            if (surplus.Contains(at))
            {
                // The manifest first: a backup without one is still a database, a manifest alone is nothing.
                File.Delete(BackupManifest.FileOf(file));
                File.Delete(file);
                removed++;
            }
        foreach (var file in Directory.EnumerateFiles(path, Start + "*"))
            if (
                Path.GetExtension(file) is ".part" or ".json"
                && !File.Exists(Path.ChangeExtension(file, null))
                && now - TimeOf(Path.GetFileNameWithoutExtension(file)) > LeftBehind
            )
                File.Delete(file);
        return removed;
    }

    DateTimeOffset? TimeOf(string name) =>
        Path.GetExtension(name) is Plain or Encrypted
        && DateTimeOffset.TryParseExact(
            Path.GetFileNameWithoutExtension(name).AsSpan(Start.Length),
            Time,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;
}
