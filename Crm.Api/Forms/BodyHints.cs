// What is known of a form before one of its posts is read: the charset of its pages, and which names are its own.

using Crm.Domain.Forms;
using Crm.Domain.Text;

namespace Crm.Api.Forms;

/// <param name="Pages">What bytes are taken for that are neither valid in their declared charset nor UTF-8.</param>
/// <param name="IsOwn">Whether the form has a field of this name; such a one always has a place.</param>
public sealed record BodyHints(Charset Pages, Func<string, bool> IsOwn)
{
    public static readonly BodyHints None = new(Charset.Windows1252, _ => false);

    public static BodyHints Of(PlannedForm form) => new(form.PageCharset, name => form.Field(name) is not null);
}
