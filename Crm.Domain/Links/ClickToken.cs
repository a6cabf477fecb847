// The signed click: what the destination gets as crm_click, and what a form or a shop brings back.

using System.Buffers.Binary;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Traffic;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Links;

/// <summary>What a seal says of a click.</summary>
/// <param name="Id">The click's, with its time.</param>
/// <param name="Link">Its link; null in a seal of before seals said it.</param>
/// <param name="Human">Whether it counted as a person's.</param>
public readonly record struct SealedClick(Id Id, Id? Link, bool Human);

public static class ClickToken
{
    /// <summary>The purpose of the installation's key that seals clicks, visitors and leads.</summary>
    public const string Purpose = "clicks";

    /// <summary>The destination's parameter that carries it.</summary>
    public const string Parameter = "crm_click";

    /// <summary>Characters of the seal.</summary>
    const int SealLength = 20;

    const char Person = 'p',
        Robot = 'r';

    /// <summary>
    /// The seal carries the link, the time and the class, so that the lead or the sale that follows is credited also when the click was
    /// never stored (over a limit) or is stored no more (a retention policy took it). Otherwise flooding an affiliate's link would take
    /// that affiliate's commissions away. The click's id, a point, 26 characters of the link, one of the class, 20 of seal.
    /// </summary>
    public static string Write(Installation installation, WorkspaceKey workspace, Id click, Id link, bool human)
    {
        Span<byte> text = stackalloc byte[42];
        Text(workspace, click, link, human, text);
        var seal = installation.Seal(Purpose).Hex(text);
        return $"{click.Text<Click>()}.{link.ToString("").AsSpan(1)}{(human ? Person : Robot)}{seal}";
    }

    /// <summary>The click of a token that came back, stored or not; null for one that is not ours or of another workspace.</summary>
    public static SealedClick? Read(Installation installation, WorkspaceKey workspace, string? token)
    {
        // Before all seals said the link, those of stored clicks had only the id. They come back for as long as pages keep them.
        if (new SealedId(installation.Seal(Purpose), ResourceType.Of<Click>()).TryRead(workspace, token, out var stored))
            return new(stored, null, true);
        if (
            token?.IndexOf('.') is not (> 0 and var point)
            || token.Length != point + 1 + Id.SuffixLength + 1 + SealLength
            || !Id.TryParse<Click>(token.AsSpan(0, point), out var id)
            || !Id.TryParse("_" + token.Substring(point + 1, Id.SuffixLength), "", out var link)
            || token[point + 1 + Id.SuffixLength] is not (Person or Robot)
        )
            return null;
        var human = token[point + 1 + Id.SuffixLength] == Person;
        Span<byte> text = stackalloc byte[42];
        Text(workspace, id, link, human, text);
        return installation.Seal(Purpose).IsHex(text, token[^SealLength..]) ? new(id, link, human) : null;
    }

    /// <summary>
    /// The click of a token. One that is not stored is made of its seal and of its link as it is now: it has no version, and nothing can
    /// be changed in it. Null for a token that is not ours, and when both the click and its link are gone.
    /// </summary>
    public static async ValueTask<Click?> Find(UnitOfWork work, string? token, CancellationToken cancel)
    {
        if (Read(work.Installation, work.Settings.Key, token) is not { } said)
            return null;
        if (await work.Find<Click>(said.Id, cancel) is { } stored)
            return stored;
        if (said.Link is not { } id || await work.Find<Link>(id, cancel) is not { } link)
            return null;
        var arrival = LinkRoute.Of(link, work.Settings.Traffic, work.Settings.Workspace.LinkSchemes)?.Arrive([], null);
        return new()
        {
            Id = said.Id,
            Credit = new(link.Id, link.Campaign, link.Affiliate, link.Channel ?? arrival?.Channel),
            Utm = arrival is null || arrival.Utm == Values.Utm.None ? null : arrival.Utm,
            Human = said.Human,
        };
    }

    static void Text(WorkspaceKey workspace, Id click, Id link, bool human, Span<byte> text)
    {
        BinaryPrimitives.WriteInt64BigEndian(text, workspace.Value);
        click.CopyTo(text[8..]);
        link.CopyTo(text[24..]);
        (text[40], text[41]) = ((byte)(human ? Person : Robot), (byte)'u');
    }
}
