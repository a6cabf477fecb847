// The pictures that were drawn last, by their addresses: a mail is opened by many people within minutes.

using Microsoft.Extensions.Caching.Memory;

namespace Crm.Api.Reports;

/// <param name="Fresh">For how long it may be shown without asking again.</param>
public sealed record DrawnPicture(byte[] Png, string ETag, TimeSpan Fresh);

public sealed class DrawnPictures : IDisposable
{
    const long MostBytes = 16 << 20;
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public DrawnPicture? Find(string token) => cache.Get<DrawnPicture>(token);

    public DrawnPicture Keep(string token, DrawnPicture picture) =>
        cache.Set(token, picture, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Kept, Size = picture.Png.Length });

    public void Dispose() => cache.Dispose();
}
