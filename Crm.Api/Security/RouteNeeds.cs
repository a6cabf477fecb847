// What a route says of who may call it: metadata that access and limits read.

using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Work;

namespace Crm.Api.Security;

/// <summary>What a route needs of the caller: to read or to write a resource.</summary>
/// <param name="Access">read or write.</param>
public sealed record NeedsScope(ResourceType Type, string Access)
{
    public string Plural => Type.Plural;

    public bool IsMet(Rights rights) => Access == "read" ? rights.MayRead : rights.MayWrite;
}

/// <summary>A route that needs a key and asks for scopes itself, for each thing that is read or changed.</summary>
/// <param name="Later">Requests that may come without a key, because they bring it with a message or get nothing of anybody's. A wrong key
/// is refused all the same.</param>
public sealed record NeedsKey(Func<HttpContext, bool>? Later = null);

/// <summary>A route that anybody may call with a form's key in the path.</summary>
public sealed record PublicForm;

/// <summary>A route that anybody may call with a site's key in the query.</summary>
/// <param name="Tells">Whether it stores something.</param>
/// <param name="Named">Finds the site that the request names in another way; null: it is the query's site.</param>
public sealed record PublicTracker(bool Tells, Func<Installation, HttpContext, ValueTask<KnownSite?>>? Named = null);

/// <summary>A route that whoever knows an affiliate's postback key may call.</summary>
public sealed record PublicPostback;

/// <summary>A route that whoever has the sealed link of a mail, or the key of a sender's inbox, may call.</summary>
public sealed record PublicMail;

/// <summary>A route that whoever has a link to reports may call, with its token in the path.</summary>
public sealed record PublicShare;

/// <summary>A route that anybody may call with a link's slug in the path.</summary>
public sealed record PublicLink;

/// <summary>A route that whoever has the sealed address of a picture may call.</summary>
public sealed record PublicPicture;

/// <summary>The page by which a person withdraws a consent: its sealed address is the right to it.</summary>
public sealed record PublicConsent;
