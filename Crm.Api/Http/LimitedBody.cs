// A body of a known largest size, read whole: what is longer is refused before it is kept.

using System.Buffers;
using Crm.Domain.Problems;

namespace Crm.Api.Http;

public static class LimitedBody
{
    /// <summary>The body's bytes as they came. Throws the problem <c>body_too_large</c> past <paramref name="most"/> bytes.</summary>
    public static async ValueTask<byte[]> Read(HttpRequest request, int most)
    {
        if (request.ContentLength > most)
            throw TooLarge();
        if (request.ContentLength is { } length)
        {
            var whole = new byte[length];
            await request.Body.ReadExactlyAsync(whole);
            return whole;
        }
        using var memory = new MemoryStream(1024);
        var buffer = ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            for (int read; (read = await request.Body.ReadAsync(buffer)) > 0; )
            {
                if (memory.Length + read > most)
                    throw TooLarge();
                memory.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return memory.ToArray();

        ProblemException TooLarge() => new(ProblemCodes.BodyTooLarge, $"At most {most / 1024} KiB in one request.");
    }
}
