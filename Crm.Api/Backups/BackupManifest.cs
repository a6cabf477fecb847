// What a backup says of itself: when and by what it was made, and what must be in it.

using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Api.Backups;

/// <param name="Format">Of this manifest: 1.</param>
/// <param name="Product">The version that made it.</param>
/// <param name="Bytes">Of the database file.</param>
/// <param name="Sha256">Of the database file, in lower-case hexadecimal.</param>
/// <param name="Records">How many rows of each collection.</param>
/// <param name="Erasures">How many erasures the journal knew then.</param>
public sealed record BackupManifest(
    int Format,
    string Product,
    DateTimeOffset MadeAt,
    long Bytes,
    string Sha256,
    SortedDictionary<string, long> Records,
    long Erasures = 0
)
{
    public const int CurrentFormat = 1;

    static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public long AllRecords => Records.Values.Sum();

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Written);

    /// <param name="file">For the sentence when it cannot be read.</param>
    public static BackupManifest Read(ReadOnlySpan<byte> json, string file)
    {
        try
        {
            return
                JsonSerializer.Deserialize<BackupManifest>(json, Written) is { Sha256.Length: 64, Records: not null } manifest
                && manifest.Format <= CurrentFormat
                ? manifest
                : throw new StoreConfigurationException($"'{file}' was written by a newer version of this product, or is no manifest.");
        }
        catch (JsonException failure)
        {
            throw new StoreConfigurationException($"'{file}' is no manifest of a backup.", failure);
        }
    }

    /// <summary>Where a backup that is not encrypted has it.</summary>
    public static string FileOf(string backup) => backup + ".json";
}
