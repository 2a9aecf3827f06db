"""Saying in a PDF's metadata that it is a Factur-X invoice, which Typst cannot yet (typst/typst, issue 5667)."""

import re

FILE = "factur-x.xml"
_END = b"</rdf:RDF>"
_METADATA = re.compile(rb"\n(\d+) 0 obj\n<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n")
_TRAILER = re.compile(rb"trailer\n<<(.+)>>\nstartxref\n(\d+)\n%%EOF$", re.DOTALL)
_PROPERTIES = {
    "DocumentFileName": "The name of the embedded XML document",
    "DocumentType": "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER",
    "Version": "The actual version of the standard applying to the embedded XML document",
    "ConformanceLevel": "The conformance level of the embedded XML document",
}
_PROPERTY = (
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
    "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
    "<pdfaProperty:description>{about}</pdfaProperty:description></rdf:li>"
)
_DECLARATION = f"""<rdf:Description xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#" rdf:about="">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>{FILE}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
{"".join(_PROPERTY.format(name=name, about=about) for name, about in _PROPERTIES.items())}
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
""".encode()


def declared(pdf: bytes) -> bytes:
    """A PDF of Typst's with the declaration in its metadata, written behind what was there before (ISO 32000, 7.5.6).

    Raise `ValueError` for one that is not laid out as Typst's are.
    """
    objects, trailer = list(_METADATA.finditer(pdf)), _TRAILER.search(pdf, len(pdf) - 1024)
    if not objects or trailer is None:
        raise ValueError("The PDF is laid out in another way.")
    number, length, start = int(objects[-1][1]), int(objects[-1][2]), objects[-1].end()
    packet = pdf[start : start + length].replace(_END, _DECLARATION + _END, 1)
    head = b"%d 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n" % (number, len(packet))
    changed = b"\n" + head + packet + b"\nendstream\nendobj\n"
    table = b"xref\n%d 1\n%010d 00000 n\r\n" % (number, len(pdf) + 1)
    ending = b"trailer\n<<%b/Prev %b>>\nstartxref\n%d\n%%%%EOF" % (trailer[1], trailer[2], len(pdf) + len(changed))
    return pdf + changed + table + ending
