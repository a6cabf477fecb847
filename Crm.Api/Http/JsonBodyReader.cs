// Reads a JSON body within the API's limits, and names what is wrong with it instead of failing somewhere later.

using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using Crm.Domain.Problems;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Http;

/// <summary>A body that was read. Dispose it: the document's memory is pooled.</summary>
public sealed record JsonBody(JsonDocument Document, string Fingerprint) : IDisposable
{
    public JsonElement Root => Document.RootElement;

    public void Dispose() => Document.Dispose();
}

public static class JsonBodyReader
{
    /// <summary>Bytes, also after inflating.</summary>
    public const int MostBytes = 1024 * 1024;

    public const int MostDepth = 32,
        MostArrayEntries = 1_000,
        MostMembers = 500,
        MostNameBytes = 128,
        MostValueBytes = 96 * 1024; // A logo of 64 KiB is the longest, written as base64.

    /// <summary>Inflated bytes for each compressed one, once past 64 KiB: what is denser than this is no text.</summary>
    const int MostRatio = 20;

    /// <param name="optional">A body may be missing; it then counts as an empty object.</param>
    public static async ValueTask<JsonBody> Read(HttpRequest request, bool optional, CancellationToken cancel)
    {
        var bytes = await ReadBytes(request, cancel);
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (bytes.Length == 0 && optional)
            return new(JsonDocument.Parse("{}"), fingerprint);
        if (!IsJson(request.ContentType))
            throw new ProblemException(
                ProblemCodes.MediaTypeUnsupported,
                "Send application/json (or application/merge-patch+json for PATCH), in UTF-8."
            );
        return new(Parse(bytes), fingerprint);
    }

    /// <summary>Text from elsewhere than a body, held to the same limits.</summary>
    public static JsonDocument Parse(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw new ProblemException(ProblemCodes.EncodingInvalid, "The body must be valid UTF-8.");
        Check(bytes);
        try
        {
            return JsonDocument.Parse(bytes, new() { MaxDepth = MostDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            // Everything else was checked above.
            throw new ProblemException(ProblemCodes.DuplicateField, "An object has two members with the same name.");
        }
    }

    static bool IsJson(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return false;
        var charset = type.Charset.HasValue ? type.Charset.Value!.Trim('"') : "utf-8";
        return (
                type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            ) && charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }

    static async ValueTask<byte[]> ReadBytes(HttpRequest request, CancellationToken cancel)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        var gzip = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (encoding.Length > 0 && !gzip && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(ProblemCodes.ContentEncodingUnsupported, "Send the body as it is or with gzip, one layer.");
        if (request.ContentLength > MostBytes)
            throw TooLarge();
        var counted = new Counting(request.Body);
        await using Stream source = gzip ? new GZipStream(counted, CompressionMode.Decompress, leaveOpen: true) : counted;
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 4096, 256, MostBytes));
        try
        {
            while (true)
            {
                var read = await source.ReadAsync(buffer.GetMemory(4096), cancel);
                if (read == 0)
                    return buffer.WrittenSpan.ToArray();
                buffer.Advance(read);
                if (
                    buffer.WrittenCount > MostBytes
                    || gzip && buffer.WrittenCount > 64 * 1024 && buffer.WrittenCount > counted.Bytes * MostRatio
                )
                    throw TooLarge();
            }
        }
        catch (InvalidDataException)
        {
            throw new ProblemException(ProblemCodes.BodyMalformed, "The body is not valid gzip.");
        }
    }

    static ProblemException TooLarge() =>
        new(
            ProblemCodes.BodyTooLarge,
            $"The body may have at most {MostBytes} bytes, also after inflating, and may not inflate to more than {MostRatio} times its size."
        );

    /// <summary>One pass over the tokens, without recursion: depth, lengths and counts before anything is built from them.</summary>
    static void Check(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 100_000 });
        Span<int> counts = stackalloc int[MostDepth + 1];
        Span<bool> lists = stackalloc bool[MostDepth + 1];
        try
        {
            while (reader.Read())
            {
                // Members of an object count by their names, entries of a list by themselves.
                if (
                    reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject)
                    && lists[reader.CurrentDepth]
                    && ++counts[reader.CurrentDepth] > MostArrayEntries
                )
                    throw new ProblemException(ProblemCodes.ArrayTooLong, $"A list may have at most {MostArrayEntries} entries.");
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        if (reader.CurrentDepth >= MostDepth)
                            throw new ProblemException(ProblemCodes.TooDeep, $"Objects and lists may be nested {MostDepth} deep at most.");
                        counts[reader.CurrentDepth + 1] = 0;
                        lists[reader.CurrentDepth + 1] = reader.TokenType == JsonTokenType.StartArray;
                        break;
                    case JsonTokenType.PropertyName:
                        if (reader.ValueSpan.Length > MostNameBytes)
                            throw new ProblemException(
                                ProblemCodes.NameTooLong,
                                $"A member's name may have at most {MostNameBytes} bytes."
                            );
                        if (++counts[reader.CurrentDepth] > MostMembers)
                            throw new ProblemException(ProblemCodes.TooManyFields, $"An object may have at most {MostMembers} members.");
                        break;
                    case JsonTokenType.String or JsonTokenType.Number:
                        if (reader.ValueSpan.Length > MostValueBytes)
                            throw new ProblemException(ProblemCodes.ValueTooLong, $"A value may have at most {MostValueBytes} bytes.");
                        break;
                }
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    reader.GetString(); // Throws for half of a surrogate pair.
            }
        }
        catch (JsonException error)
        {
            throw new ProblemException(
                ProblemCodes.BodyMalformed,
                $"The body is not valid JSON, at line {error.LineNumber + 1}, byte {error.BytePositionInLine}."
            );
        }
        catch (InvalidOperationException)
        {
            throw new ProblemException(ProblemCodes.EncodingInvalid, "A text holds half of a surrogate pair.");
        }
    }

    sealed class Counting(Stream inner) : Stream
    {
        public long Bytes { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
        {
            var read = await inner.ReadAsync(buffer, cancel);
            Bytes += read;
            return read;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
