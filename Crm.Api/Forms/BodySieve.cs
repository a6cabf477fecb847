// A long body on its way in: what no form could keep of it never lies in memory.

using System.Buffers;
using System.Text;

namespace Crm.Api.Forms;

/// <summary>
/// Lets a body through as it comes, in pieces of any size, but for the content of files and what is longer than a value may be: what comes
/// out parses like the body and is as long as its texts. A photo of 5 MiB in front of an e-mail address costs its headers.
/// </summary>
public sealed class BodySieve : IDisposable
{
    /// <summary>Of one value: more than is kept of it, escapes counted, so that the parser sees that it is too long.</summary>
    const int ValueBytes = 3 * FormLimits.ValueBytes + 4_096;

    /// <summary>Of a JSON string, in which one byte may be written with six.</summary>
    const int JsonStringBytes = 6 * FormLimits.ValueBytes + 8_192;

    const int HeadBytes = FormLimits.PartHeaderLines * FormLimits.PartHeaderLineBytes / 4;

    readonly BodyKind kind;
    readonly byte[] delimiter = [];
    readonly List<long> partSizes = [];
    byte[] kept = ArrayPool<byte>.Shared.Rent(FormLimits.PlainBytes);
    byte[] carry = [];
    int length;
    int inValue; // Bytes of the present value that came through.
    int owed; // Bytes of an escape or a character that must come through with its beginning.
    bool inString,
        afterBackslash,
        inHead = true,
        inPreamble = true,
        isFile;

    /// <param name="soFar">What has come already; it goes through first.</param>
    /// <param name="next">What comes next, when nothing has come yet.</param>
    public BodySieve(ReadOnlySpan<byte> soFar, string? contentType, ReadOnlySpan<byte> next)
    {
        var shape = BodyShape.Of(soFar.IsEmpty ? next : soFar, contentType);
        kind = shape.Charset?.IsAsciiBased == false ? BodyKind.Unknown : shape.Kind;
        if (kind == BodyKind.Multipart)
            if (MultipartBody.IsBoundary(shape.Boundary))
                delimiter = MultipartBody.Delimiter(shape.Boundary, new byte[FormLimits.BoundaryBytes + 4]).ToArray();
            else
                kind = BodyKind.Unknown;
        if (!soFar.IsEmpty)
            Add(soFar);
    }

    public ReadOnlySpan<byte> Kept => kept.AsSpan(0, length);

    /// <summary>How long each part of a multipart body was.</summary>
    public IReadOnlyList<long>? PartSizes => kind == BodyKind.Multipart ? partSizes : null;

    /// <summary>Whether even the texts were too much.</summary>
    public bool IsCut { get; private set; }

    public void Add(ReadOnlySpan<byte> piece)
    {
        switch (kind)
        {
            case BodyKind.Json:
                AddJson(piece);
                break;
            case BodyKind.UrlEncoded:
                AddPairs(piece);
                break;
            case BodyKind.Multipart:
                AddParts(piece);
                break;
            default:
                Put(piece);
                break;
        }
    }

    /// <summary>To be called when the body has ended.</summary>
    public void Finish()
    {
        if (kind == BodyKind.Multipart && inHead)
            Put(carry);
        else if (kind == BodyKind.Multipart && !inPreamble)
            Content(carry);
        carry = [];
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(kept);
        kept = [];
    }

    void AddPairs(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            var end = piece.IndexOf((byte)'&');
            Limited(end < 0 ? piece : piece[..end], ValueBytes);
            if (end < 0)
                return;
            Put("&"u8);
            inValue = 0;
            piece = piece[(end + 1)..];
        }
    }

    void AddJson(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            if (!inString)
            {
                var quote = piece.IndexOf((byte)'"');
                Put(quote < 0 ? piece : piece[..(quote + 1)]);
                if (quote < 0)
                    return;
                piece = piece[(quote + 1)..];
                (inString, inValue, owed) = (true, 0, 0);
                continue;
            }
            if (afterBackslash)
            {
                afterBackslash = false;
                if (inValue <= JsonStringBytes)
                {
                    Put(piece[..1]);
                    inValue++;
                    owed = piece[0] == 'u' ? 4 : 0;
                }
                piece = piece[1..];
                continue;
            }
            var stop = piece.IndexOfAny((byte)'"', (byte)'\\');
            Limited(stop < 0 ? piece : piece[..stop], JsonStringBytes);
            if (stop < 0)
                return;
            if (piece[stop] == '"')
            {
                Put("\""u8);
                inString = false;
            }
            else
            {
                afterBackslash = true;
                if (inValue < JsonStringBytes)
                {
                    Put("\\"u8);
                    inValue++;
                }
                else
                    inValue = JsonStringBytes + 1;
            }
            piece = piece[(stop + 1)..];
        }
    }

    void AddParts(ReadOnlySpan<byte> piece)
    {
        byte[] both = [.. carry, .. piece];
        ReadOnlySpan<byte> rest = both;
        if (inPreamble && length == 0 && rest.Length >= delimiter.Length && rest.StartsWith(delimiter.AsSpan(2)))
        {
            Put(delimiter.AsSpan(2));
            rest = rest[(delimiter.Length - 2)..];
            inPreamble = false;
        }
        else if (inPreamble)
            inHead = false;
        while (true)
        {
            if (inHead)
            {
                var end = rest.IndexOf("\r\n\r\n"u8);
                if (end < 0 && rest.Length < HeadBytes)
                    break;
                var head = end < 0 ? rest : rest[..(end + 4)];
                Put(head);
                rest = rest[head.Length..];
                isFile = Encoding.Latin1.GetString(head).Contains("filename", StringComparison.OrdinalIgnoreCase);
                (inHead, inValue) = (false, 0);
                partSizes.Add(0);
                continue;
            }
            var found = rest.IndexOf(delimiter);
            var content = found < 0 ? rest[..Math.Max(0, rest.Length - delimiter.Length + 1)] : rest[..found];
            if (!inPreamble)
                Content(content);
            rest = rest[content.Length..];
            if (found < 0)
                break;
            Put(delimiter);
            rest = rest[delimiter.Length..];
            (inHead, inPreamble) = (true, false);
        }
        carry = rest.ToArray();
    }

    void Content(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return;
        partSizes[^1] += content.Length;
        if (!isFile)
            Limited(content, ValueBytes);
    }

    /// <summary>Lets through what the value may still have, and a character or an escape to its end.</summary>
    void Limited(ReadOnlySpan<byte> run, int most)
    {
        var take = Math.Min(run.Length, Math.Max(0, most - inValue));
        if (take < run.Length && inValue <= most)
        {
            while (take < run.Length && (owed > 0 || (run[take] & 0xC0) == 0x80))
            {
                owed = Math.Max(0, owed - 1);
                take++;
            }
            Put(run[..take]);
            inValue = most + 1;
            return;
        }
        owed = Math.Max(0, owed - take);
        Put(run[..take]);
        inValue += take;
    }

    void Put(ReadOnlySpan<byte> bytes)
    {
        var free = FormLimits.SievedBytes - length;
        if (bytes.Length > free)
        {
            IsCut = true;
            bytes = bytes[..Math.Max(0, free)];
        }
        if (length + bytes.Length > kept.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * (length + bytes.Length));
            kept.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(kept);
            kept = larger;
        }
        bytes.CopyTo(kept.AsSpan(length));
        length += bytes.Length;
    }
}
