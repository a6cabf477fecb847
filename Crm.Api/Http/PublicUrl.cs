// How the world reaches the product: as Crm__PublicUrl says, or as whoever asks has reached it.

using Crm.Domain.Stores;

namespace Crm.Api.Http;

/// <param name="setting">Crm__PublicUrl: a scheme and a host; empty or missing: each request says it.</param>
public sealed class PublicUrl(string? setting)
{
    public const string Variable = "Crm__PublicUrl";

    /// <summary>Scheme, host and port without a slash at the end; null: as each request has reached the product.</summary>
    public string? Said { get; } = Read(setting);

    /// <summary>An address of ours in full.</summary>
    /// <param name="path">From the first slash on.</param>
    public static string Of(HttpContext http, string path) => Origin(http) + path;

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public static string Origin(HttpContext http) => Here(http).Said ?? $"{http.Request.Scheme}://{http.Request.Host}";

    /// <summary>Whether a page of this host and port is one of ours: by the address that was asked, or by the one that the world
    /// knows.</summary>
    public static bool IsOwn(HttpContext http, string authority) =>
        authority.Equals(http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
        || Here(http).Said is { } known && authority.Equals(new Uri(known).Authority, StringComparison.OrdinalIgnoreCase);

    static PublicUrl Here(HttpContext http) => http.RequestServices.GetRequiredService<PublicUrl>();

    static string? Read(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return null;
        return
            Uri.TryCreate(setting.Trim(), UriKind.Absolute, out var address)
            && address is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
            ? address.GetLeftPart(UriPartial.Authority)
            : throw new StoreConfigurationException(
                $"{Variable} must be a scheme and a host such as https://crm.example.org, without a path."
            );
    }
}
